package isolation

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// tried attempts what the barriers prevent. The arguments are the errors of raising them.
func tried(limits Limits, resources, calls, privileges error) Report {
	attempts := []struct {
		name   string
		broken func() error
	}{
		{Environment, environmentIsEmpty},
		{Descriptors, onlyPipesAreOpen},
		{Files, func() error { return errors.Join(filesAreRefused(), calls) }},
		{Network, func() error { return errors.Join(socketsAreRefused(), calls) }},
		{Processes, func() error { return errors.Join(processesAreRefused(), calls) }},
		{Privileges, func() error { return errors.Join(privileges, calls) }},
		{Resources, func() error { return errors.Join(resources, limits.hold()) }},
	}
	report := Report{}
	for _, attempt := range attempts {
		barrier := Barrier{Name: attempt.name, Holds: true}
		if err := attempt.broken(); err != nil {
			barrier.Holds, barrier.Reason = false, strings.ReplaceAll(err.Error(), "\n", "; ")
		}
		report = append(report, barrier)
	}
	return report
}

// refused tells whether the kernel refused, and not some other failure occurred.
func refused(what string, err error) error {
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		return nil
	}
	if err == nil {
		return fmt.Errorf("it can %s", what)
	}
	return fmt.Errorf("it could try to %s: %w", what, err)
}

func filesAreRefused() error {
	return errors.Join(opening("/"), opening("/proc/self/environ"), opening("/dev/null"), opening("/etc/passwd"),
		refused("make files", making("/tmp/.walm-isolation")))
}

func opening(name string) error {
	file, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		_ = unix.Close(file)
	}
	return refused("open "+name, err)
}

func making(name string) error {
	file, err := unix.Open(name, unix.O_CREAT|unix.O_EXCL|unix.O_WRONLY|unix.O_CLOEXEC, 0o600)
	if err == nil {
		_ = unix.Close(file)
		_ = unix.Unlink(name)
	}
	return err
}

func socketsAreRefused() error {
	var failed error
	for name, family := range map[string]int{"IPv4": unix.AF_INET, "IPv6": unix.AF_INET6, "Unix": unix.AF_UNIX, "netlink": unix.AF_NETLINK} {
		socket, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
		if err == nil {
			_ = unix.Close(socket)
		}
		failed = errors.Join(failed, refused("make a socket of "+name, err))
	}
	return failed
}

func processesAreRefused() error {
	return errors.Join(
		refused("start programs", unix.Exec("/nonexistent", []string{"nonexistent"}, nil)),
		refused("trace processes", unix.PtraceAttach(os.Getppid())),
		refused("signal processes", unix.Kill(unix.Getpid(), 0)),
	)
}

// checkPrivilegesDropped checks before the filter forbids checking. The filter also ensures that executing a program grants
// no rights.
func checkPrivilegesDropped() error {
	shown, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	if err != nil || shown != 0 {
		return errors.New("other processes of its user may look inside")
	}
	return nil
}

// maxDescriptors is how many descriptors are checked; those that the runtime opened for itself are not counted.
const maxDescriptors = 256

// onlyPipesAreOpen looks for descriptors besides the standard three and the runtime's own, which are closed when a
// program is executed.
func onlyPipesAreOpen() error {
	for number := 3; number < maxDescriptors; number++ {
		flags, err := unix.FcntlInt(uintptr(number), unix.F_GETFD, 0)
		if err == nil && flags&unix.FD_CLOEXEC == 0 {
			return fmt.Errorf("descriptor %d is open", number)
		}
	}
	return nil
}
