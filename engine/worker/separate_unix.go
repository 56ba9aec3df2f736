//go:build unix

package worker

import (
	"os"
	"os/exec"
	"syscall"
)

// separate puts the worker into a process group of its own: signals to the engine's group do not reach it, and its
// priority is set for all of its threads at once.
func separate(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// peakResident is the maximum memory of a process, in bytes.
func peakResident(ended *os.ProcessState) int64 {
	usage, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss << 10
}
