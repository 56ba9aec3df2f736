package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestMain makes the test binary a worker where it is started as one: the engine starts itself.
func TestMain(m *testing.M) {
	if slices.ContainsFunc(os.Args[1:], func(argument string) bool {
		return argument == renderWorkerFlag || argument == indexWorkerFlag || argument == jsonnetWorkerFlag || strings.HasPrefix(argument, jsonnetLibraryFlag)
	}) {
		main()
		return
	}
	m.Run()
}
