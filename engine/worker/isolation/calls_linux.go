package isolation

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// commonCalls are the system calls of a Go program that only computes, and reads and writes open pipes. All others fail
// with EPERM: opening files, sockets, programs, processes, signals to others, tracing, mounting.
var commonCalls = []uint32{
	// Pipes.
	unix.SYS_READ, unix.SYS_WRITE, unix.SYS_CLOSE, unix.SYS_FCNTL, unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL,
	unix.SYS_EPOLL_PWAIT, unix.SYS_EVENTFD2,
	// Memory.
	unix.SYS_BRK, unix.SYS_MMAP, unix.SYS_MUNMAP, unix.SYS_MADVISE, unix.SYS_MPROTECT, unix.SYS_MREMAP, unix.SYS_MINCORE,
	// Threads of this process, and time.
	unix.SYS_FUTEX, unix.SYS_SCHED_YIELD, unix.SYS_SCHED_GETAFFINITY, unix.SYS_GETTID, unix.SYS_GETPID,
	unix.SYS_SET_ROBUST_LIST, unix.SYS_RSEQ, unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_CLOCK_GETTIME,
	unix.SYS_CLOCK_GETRES, unix.SYS_GETTIMEOFDAY, unix.SYS_TIMER_CREATE, unix.SYS_TIMER_SETTIME, unix.SYS_TIMER_DELETE,
	unix.SYS_SETITIMER, unix.SYS_RESTART_SYSCALL,
	// Signals of the runtime to its own threads.
	unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_SIGALTSTACK,
	// The rest.
	unix.SYS_GETRANDOM, unix.SYS_GETRLIMIT, unix.SYS_GETRUSAGE, unix.SYS_UNAME, unix.SYS_EXIT, unix.SYS_EXIT_GROUP,
}

// argument allows a call if one of its arguments has the right value. The upper half of the argument has to be zero.
type argument struct {
	call  uint32
	index uint32
	test  bpf.JumpTest
	value uint32
}

func conditionalCalls() []argument {
	return []argument{
		// A thread, not a process.
		{unix.SYS_CLONE, 0, bpf.JumpBitsSet, unix.CLONE_THREAD},
		{unix.SYS_TGKILL, 0, bpf.JumpEqual, uint32(unix.Getpid())},
		// Limits are read, not set: the third argument would contain the new ones.
		{unix.SYS_PRLIMIT64, 2, bpf.JumpEqual, 0},
	}
}

const (
	numberOffset = 0
	archOffset   = 4
	argOffset    = 16
)

var (
	allow = bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW}
	deny  = bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)}
	// absent is for clone3, whose flags a filter cannot see: C libraries then create their threads with clone.
	absent = bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)}
)

// callFilter is the program that judges each call. A block that has loaded an argument always decides, because the next
// one would take it for the number of a call.
func callFilter() []bpf.Instruction {
	program := []bpf.Instruction{
		bpf.LoadAbsolute{Off: archOffset, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: auditArch, SkipTrue: 1},
		deny,
		bpf.LoadAbsolute{Off: numberOffset, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.SYS_CLONE3, SkipFalse: 1},
		absent,
	}
	for _, list := range [][]uint32{commonCalls, ownCalls} {
		for _, call := range list {
			program = append(program, bpf.JumpIf{Cond: bpf.JumpEqual, Val: call, SkipFalse: 1}, allow)
		}
	}
	for _, one := range conditionalCalls() {
		// The machines with filters are little-endian.
		low := argOffset + 8*one.index
		program = append(program,
			bpf.JumpIf{Cond: bpf.JumpEqual, Val: one.call, SkipFalse: 6},
			bpf.LoadAbsolute{Off: low + 4, Size: 4},
			bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: 0, SkipTrue: 3},
			bpf.LoadAbsolute{Off: low, Size: 4},
			bpf.JumpIf{Cond: one.test, Val: one.value, SkipFalse: 1},
			allow,
			deny,
		)
	}
	return append(program, deny)
}

// filterCalls installs the filter for all threads of the process.
func filterCalls() error {
	if auditArch == 0 {
		return fmt.Errorf("there is no filter of system calls for %s", runtime.GOARCH)
	}
	instructions, err := bpf.Assemble(callFilter())
	if err != nil {
		return err
	}
	filter := make([]unix.SockFilter, len(instructions))
	for index, one := range instructions {
		filter[index] = unix.SockFilter{Code: one.Op, Jt: one.Jt, Jf: one.Jf, K: one.K}
	}
	// Both calls below must be made by one thread: the first permits the second.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	thread, _, failure := unix.Syscall(unix.SYS_SECCOMP,
		unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if failure != 0 {
		return fmt.Errorf("the filter of system calls: %w", failure)
	}
	if thread != 0 {
		return fmt.Errorf("the filter of system calls cannot be given to thread %d", thread)
	}
	return nil
}
