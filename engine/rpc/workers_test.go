package rpc

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestMain makes the test binary a worker if it is started as one: the engine starts itself.
func TestMain(m *testing.M) {
	if slices.ContainsFunc(os.Args[1:], func(argument string) bool {
		return argument == renderWorkerFlag || argument == indexWorkerFlag || argument == jsonnetWorkerFlag || strings.HasPrefix(argument, jsonnetLibraryFlag)
	}) {
		flags := flag.NewFlagSet(os.Args[0], flag.ExitOnError)
		workers := DeclareWorkerFlags(flags)
		_ = flags.Parse(os.Args[1:])
		input, output := os.Stdin, os.Stdout
		os.Stdout = os.Stderr
		workers.Serve(input, output, NewLog(os.Stderr, false))
		return
	}
	m.Run()
}
