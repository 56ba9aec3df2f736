//go:build !unix

package worker

import (
	"os"
	"os/exec"
)

func separate(*exec.Cmd) {}

func peakResident(*os.ProcessState) int64 { return 0 }
