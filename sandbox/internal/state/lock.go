package state

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// LockName names one of the two things that can run on a folder.
type LockName string

// The control plane and the registry have a lock each: they start and stop on their own.
const (
	ClusterLock  LockName = "sandbox.lock"
	RegistryLock LockName = "registry.lock"
)

// ErrLocked means that another process uses the folder.
var ErrLocked = errors.New("another sandbox runs on this folder")

// Lock is held while a process runs on a folder. It is a POSIX record lock: the kernel releases it when the process
// ends, in whatever way, and can name the process that holds it. So there is no process id on disk that could be stale,
// and no other process is ever mistaken for a sandbox.
type Lock struct{ file *os.File }

func (f Folder) lockFile(name LockName) string { return f.in(string(name)) }

// Acquire takes the lock or fails with ErrLocked.
func (f Folder) Acquire(name LockName) (*Lock, error) {
	file, err := os.OpenFile(f.lockFile(name), os.O_RDWR|os.O_CREATE|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock of state folder %s: %w", f, err)
	}
	if err := syscall.FcntlFlock(file.Fd(), syscall.F_SETLK, wholeFile()); err != nil {
		_ = file.Close()
		if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EACCES) {
			return nil, ErrLocked
		}
		return nil, fmt.Errorf("lock of state folder %s: %w", f, err)
	}
	return &Lock{file: file}, nil
}

// Release releases the lock.
func (l *Lock) Release() error { return l.file.Close() }

// Holder returns the process id of the process that uses the folder, 0 if there is none. The holder itself must not
// call it: closing any descriptor of a record-locked file releases the lock.
func (f Folder) Holder(name LockName) (int, error) {
	file, err := os.OpenFile(f.lockFile(name), os.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("lock of state folder %s: %w", f, err)
	}
	defer file.Close()
	lock := wholeFile()
	if err := syscall.FcntlFlock(file.Fd(), syscall.F_GETLK, lock); err != nil {
		return 0, fmt.Errorf("lock of state folder %s: %w", f, err)
	}
	if lock.Type == syscall.F_UNLCK {
		return 0, nil
	}
	return int(lock.Pid), nil
}

func wholeFile() *syscall.Flock_t {
	return &syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart}
}
