// Command walm-engine is the child process of the Walm server that owns the Helm SDK. It speaks JSON-RPC on its
// standard input and output, writes log lines to standard error, and ends when its input does.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	_ "time/tzdata" // Templates name time zones, and a worker can open no files.

	"walm.io/engine/guard"
	"walm.io/engine/jsonnet"
	"walm.io/engine/registry"
	"walm.io/engine/renderer"
	"walm.io/engine/worker/isolation"
)

// version is set by the linker.
var version = "dev"

func main() {
	showVersion := flag.Bool("version", false, "print the version and exit")
	renderWorker := flag.Bool("render-worker", false, "render charts for another engine")
	indexWorker := flag.Bool("index-worker", false, "read indexes of chart repositories for another engine")
	jsonnetWorker := flag.Bool("jsonnet-worker", false, "evaluate jsonnet charts for another engine")
	jsonnetLibrary := flag.String("jsonnet-library", "", "folder of the common library of jsonnet charts")
	debug := flag.Bool("debug", false, "log what Helm does")
	flag.Parse()
	if *showVersion {
		fmt.Println(version)
		return
	}
	input, output := os.Stdin, os.Stdout
	// Standard output carries the protocol: whatever a library prints goes to the log.
	os.Stdout = os.Stderr
	log := newLog(os.Stderr, *debug)
	if *renderWorker {
		if err := renderer.Serve(input, output, func() { os.Exit(0) }); err != nil {
			log.Error("the render worker failed", "error", err)
		}
		return
	}
	if *indexWorker {
		if err := registry.ServeIndexes(input, output, func() { os.Exit(0) }); err != nil {
			log.Error("the index worker failed", "error", err)
		}
		return
	}
	if *jsonnetWorker {
		if err := jsonnet.Serve(input, output, func() { os.Exit(0) }, *jsonnetLibrary); err != nil {
			log.Error("the jsonnet worker failed", "error", err)
		}
		return
	}
	if err := isolation.CloseInheritance(); err != nil {
		log.Warn("descriptors that this process inherited may reach its workers", "error", err)
	}
	if err := isolation.GoBehindServer(); err != nil {
		log.Warn("the engine does not let the server go first", "error", err)
	}
	guard.Go(log, "watching the memory", func() { watchMemory(log) })
	serve(context.Background(), stdio{input, output}, log)
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
