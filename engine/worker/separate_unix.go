//go:build unix

package worker

import (
	"os"
	"os/exec"
	"syscall"
)

// separate gives the worker a process group of its own: what is meant for the engine's does not reach it, and its
// priority is set for all of its threads at once.
func separate(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// largestResident is the most memory that a process held, in bytes.
func largestResident(ended *os.ProcessState) int64 {
	usage, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss << 10
}
