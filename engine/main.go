// Command walm-engine is the child process of the Walm server that contains the Helm SDK. It speaks JSON-RPC on its
// standard input and output, writes log lines to standard error, and ends when its input does.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"

	_ "time/tzdata" // Templates name time zones, and a worker can open no files.

	"walm.io/engine/guard"
	"walm.io/engine/rpc"
	"walm.io/engine/worker/isolation"
)

// version is set by the linker.
var version = "dev"

func main() {
	showVersion := flag.Bool("version", false, "print the version and exit")
	workers := rpc.DeclareWorkerFlags(flag.CommandLine)
	debug := flag.Bool("debug", false, "log what Helm does")
	flag.Parse()
	if *showVersion {
		fmt.Println(version)
		return
	}
	input, output := os.Stdin, os.Stdout
	// Standard output carries the protocol: output of libraries goes to the log.
	os.Stdout = os.Stderr
	log := rpc.NewLog(os.Stderr, *debug)
	if workers.Serve(input, output, log) {
		return
	}
	if err := isolation.CloseInheritance(); err != nil {
		log.Warn("inherited file descriptors may be visible to worker processes", "error", err)
	}
	if err := isolation.GoBehindServer(); err != nil {
		log.Warn("lowering the scheduling priority of the engine failed", "error", err)
	}
	guard.Go(log, "watching the memory", func() { rpc.WatchMemory(log) })
	reserve := make([]byte, rpc.IdleHeap)
	rpc.Serve(context.Background(), stdio{input, output}, log, version)
	runtime.KeepAlive(reserve)
}

// stdio joins the two ends of the parent's pipes.
type stdio struct {
	input, output *os.File
}

// Read reads from the parent.
func (s stdio) Read(data []byte) (int, error) { return s.input.Read(data) }

// Write writes to the parent.
func (s stdio) Write(data []byte) (int, error) { return s.output.Write(data) }

// Close closes both pipes.
func (s stdio) Close() error {
	s.input.Close()
	return s.output.Close()
}
