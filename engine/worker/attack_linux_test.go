package worker

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"walm.io/engine/worker/isolation"
)

// attack is what a worker that a chart has taken over would try; returns by barrier what succeeded.
func attack() map[string][]string {
	got := map[string][]string{}
	through := func(barrier, what string, err error) {
		if err == nil {
			got[barrier] = append(got[barrier], what)
		}
	}
	if found := os.Environ(); len(found) > 0 {
		through(isolation.Environment, "variables", nil)
	}
	for number := 3; number < 1024; number++ {
		if flags, err := unix.FcntlInt(uintptr(number), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			through(isolation.Descriptors, strconv.Itoa(number), nil)
		}
	}
	for _, name := range []string{"/", "/etc/passwd", "/proc/self/environ", "/proc/1/cmdline", "/proc/self/mem", "/dev/null", "."} {
		_, err := os.Open(name)
		through(isolation.Files, "open "+name, err)
	}
	_, err := os.Create("/tmp/walm-attack")
	through(isolation.Files, "create", err)
	through(isolation.Files, "remove", os.Remove("/tmp"))
	through(isolation.Files, "chmod", os.Chmod("/tmp", 0o777))
	through(isolation.Files, "link", os.Symlink("/etc", "/tmp/walm-attack"))
	through(isolation.Files, "chdir", os.Chdir("/"))
	_, err = os.Stat("/etc/passwd")
	through(isolation.Files, "stat", err)
	_, err = os.ReadDir("/proc/self/fd")
	through(isolation.Files, "list descriptors", err)
	for _, address := range []string{"127.0.0.1:22", "169.254.169.254:80", "[::1]:22"} {
		_, err := net.Dial("udp", address)
		through(isolation.Network, "dial "+address, err)
	}
	_, err = net.Listen("tcp", "127.0.0.1:0")
	through(isolation.Network, "listen", err)
	_, err = net.Listen("unix", "@walm-attack")
	through(isolation.Network, "listen on a name", err)
	_, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	through(isolation.Network, "socket pair", err)
	through(isolation.Processes, "execute", exec.Command("/bin/true").Run())
	through(isolation.Processes, "execute itself", syscall.Exec("/proc/self/exe", []string{"x"}, nil))
	through(isolation.Processes, "trace the engine", unix.PtraceAttach(os.Getppid()))
	through(isolation.Processes, "signal the engine", unix.Kill(os.Getppid(), 0))
	through(isolation.Processes, "new namespace", unix.Unshare(unix.CLONE_NEWUSER))
	_, err = unix.MemfdCreate("attack", 0)
	through(isolation.Files, "file in memory", err)
	_, err = unix.PidfdOpen(os.Getppid(), 0)
	through(isolation.Processes, "handle of the engine", err)
	// A clone that is not a thread. Its flags are numbers of system calls that are conditionally allowed: a filter that
	// takes an argument for a number lets it through.
	for _, flags := range []uintptr{uintptr(unix.SIGCHLD), unix.SYS_PRLIMIT64, unix.SYS_TGKILL, unix.SYS_READ} {
		child, _, failure := unix.RawSyscall6(unix.SYS_CLONE, flags&^unix.CLONE_VM, 0, 0, 0, 0, 0)
		if failure == 0 && child == 0 {
			unix.Exit(0)
		}
		if failure == 0 {
			through(isolation.Processes, "fork with flags "+strconv.Itoa(int(flags)), nil)
		}
	}
	through(isolation.Resources, "more memory",
		unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}))
	through(isolation.Resources, "more descriptors",
		unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 1 << 16, Max: 1 << 16}))
	through(isolation.Privileges, "another user", func() error { _, _, e := unix.RawSyscall(unix.SYS_SETUID, 1, 0, 0); return orNil(e) }())
	through(isolation.Privileges, "look inside again", unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0))
	return got
}

func orNil(failure syscall.Errno) error {
	if failure == 0 {
		return nil
	}
	return failure
}

// Barriers that the report lists as holding, hold; others are reported.
func TestAnAttackerGetsThroughNoBarrierThatIsReported(t *testing.T) {
	t.Setenv("WALM_CANARY", "not for workers")
	// A descriptor that the program that started the engine left open.
	left, err := unix.Open("/etc/passwd", unix.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(left)
	if err := isolation.CloseInheritance(); err != nil {
		t.Fatal(err)
	}
	pool := newPool(t, 1)
	report, err := pool.Isolation()
	if err != nil {
		t.Fatal(err)
	}
	if len(report) != 7 {
		t.Fatalf("the report is %+v", report)
	}
	var got map[string][]string
	if err := pool.Do(t.Context(), "", "attack", &got, nil); err != nil {
		t.Fatal(err)
	}
	for _, barrier := range report {
		switch through := got[barrier.Name]; {
		case barrier.Holds && len(through) > 0:
			t.Errorf("%s is said to hold, and it could %v", barrier.Name, through)
		case !barrier.Holds:
			t.Logf("this kernel has no barrier %s: %s", barrier.Name, barrier.Reason)
			if barrier.Reason == "" {
				t.Errorf("%s does not hold, and nothing says why", barrier.Name)
			}
		}
	}
	if _, err := os.Stat("/tmp/walm-attack"); err == nil {
		t.Error("a worker made a file")
	}
}

// On a kernel that supports everything no barrier may be missing; the test machines do.
func TestNothingIsMissingWhereTheKernelCanDoIt(t *testing.T) {
	version, err := os.ReadFile("/proc/sys/kernel/seccomp/actions_avail")
	if err != nil || !bytes.Contains(version, []byte("errno")) {
		t.Skip("this kernel has no filters of system calls")
	}
	report, err := newPool(t, 1).Isolation()
	if err != nil || len(report.Missing()) > 0 {
		t.Errorf("missing: %+v, %v", report.Missing(), err)
	}
}
