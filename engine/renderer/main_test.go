package renderer

import (
	"os"
	"slices"
	"testing"
)

// TestMain makes the test binary a render worker if it is started as one.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args, workerArgument) {
		if err := Serve(os.Stdin, os.Stdout, func() { os.Exit(0) }); err != nil {
			panic(err)
		}
		return
	}
	m.Run()
}
