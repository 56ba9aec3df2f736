package isolation

import (
	"errors"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

const (
	// openFiles is enough for the pipes and for what the Go runtime needs to wait on them.
	openFiles = 16
	// step is by how much the priority of the engine is below the server's, and that of workers below the engine's:
	// with few processors, answers come before changes, and both before templates, which use all available time.
	step = 5
	// politest is the kernel's maximum.
	politest = 19
)

// politer is the niceness one step above that of the calling thread, whatever it was started with, because lowering it
// is not allowed.
func politer() (int, error) {
	// The kernel returns 1 for the lowest priority, so that no result looks like an error.
	raw, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	return min(20-raw+step, politest), err
}

// CloseInheritance ensures that programs started from now on inherit no descriptor by accident: the program that
// started this process may have left some open.
func CloseInheritance() error {
	return unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC)
}

// GoBehindServer lowers the priority of this process, thread by thread, as Linux requires. Later threads inherit it
// from those that create them.
func GoBehindServer() error {
	niceness, err := politer()
	if err != nil {
		return err
	}
	// A thread that was created during the first pass is found by the second.
	for range 2 {
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, thread := range threads {
			id, err := strconv.Atoi(thread.Name())
			if err != nil {
				return err
			}
			err = unix.Setpriority(unix.PRIO_PROCESS, id, niceness)
			if err != nil && !errors.Is(err, unix.ESRCH) {
				return err
			}
		}
	}
	return nil
}

// Isolate takes from the process everything that it does not need, as far as this kernel can. It cannot be undone.
// Needed files must have been read before. A barrier that cannot be raised is reported as not holding.
func Isolate(limits Limits) Report {
	// Templates print local times: the time zone is read from a file at the first use.
	_, _ = time.Now().Local().Zone()
	niceness, unknown := politer()
	failed := errors.Join(
		unknown,
		unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0),
		unix.Setpriority(unix.PRIO_PGRP, 0, niceness),
		limits.set(),
	)
	unix.Umask(0o077)
	restricted := landlock.V10.BestEffort().Restrict()
	privileges := checkPrivilegesDropped()
	filtered := filterCalls()
	return tried(limits, failed, errors.Join(restricted, filtered), privileges)
}

// byResource are the limits in the kernel's terms.
func (l Limits) byResource() map[int]uint64 {
	limits := map[int]uint64{unix.RLIMIT_CORE: 0, unix.RLIMIT_FSIZE: 0, unix.RLIMIT_NOFILE: openFiles}
	if l.MemoryBytes > 0 {
		limits[unix.RLIMIT_DATA] = uint64(l.MemoryBytes)
	}
	if l.CPUSeconds > 0 {
		limits[unix.RLIMIT_CPU] = uint64(l.CPUSeconds)
	}
	return limits
}

func (l Limits) set() error {
	var failed error
	for resource, limit := range l.byResource() {
		failed = errors.Join(failed, unix.Setrlimit(resource, &unix.Rlimit{Cur: limit, Max: limit}))
	}
	return failed
}

// hold reads back what was set.
func (l Limits) hold() error {
	for resource, limit := range l.byResource() {
		var found unix.Rlimit
		if err := unix.Getrlimit(resource, &found); err != nil {
			return err
		}
		if found.Max != limit {
			return errors.New("a limit was not set")
		}
	}
	return nil
}

func environmentIsEmpty() error {
	if len(os.Environ()) > 0 {
		return errors.New("there are environment variables")
	}
	return nil
}
