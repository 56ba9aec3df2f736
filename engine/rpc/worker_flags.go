package rpc

import (
	"flag"
	"io"
	"log/slog"
	"os"

	"walm.io/engine/jsonnet"
	"walm.io/engine/registry"
	"walm.io/engine/renderer"
)

// The flags with which the engine starts itself as a worker.
const (
	renderWorkerFlag   = "--render-worker"
	indexWorkerFlag    = "--index-worker"
	jsonnetWorkerFlag  = "--jsonnet-worker"
	jsonnetLibraryFlag = "--jsonnet-library"
)

// WorkerFlags are the command line flags that make the process a worker.
type WorkerFlags struct {
	render, index, jsonnet *bool
	jsonnetLibrary         *string
}

// DeclareWorkerFlags adds them to a command line, before it is parsed.
func DeclareWorkerFlags(flags *flag.FlagSet) WorkerFlags {
	return WorkerFlags{
		render:         flags.Bool(renderWorkerFlag[2:], false, "render charts for another engine"),
		index:          flags.Bool(indexWorkerFlag[2:], false, "read indexes of chart repositories for another engine"),
		jsonnet:        flags.Bool(jsonnetWorkerFlag[2:], false, "evaluate jsonnet charts for another engine"),
		jsonnetLibrary: flags.String(jsonnetLibraryFlag[2:], "", "folder of the common library of jsonnet charts"),
	}
}

// Serve is the main loop of a worker; false if the process is not to be one.
func (w WorkerFlags) Serve(input io.Reader, output io.Writer, log *slog.Logger) bool {
	end := func() { os.Exit(0) }
	kind, err := "", error(nil)
	switch {
	case *w.render:
		kind, err = "render", renderer.Serve(input, output, end)
	case *w.index:
		kind, err = "index", registry.ServeIndexes(input, output, end)
	case *w.jsonnet:
		kind, err = "jsonnet", jsonnet.Serve(input, output, end, *w.jsonnetLibrary)
	default:
		return false
	}
	if err != nil {
		log.Error("the "+kind+" worker failed", "error", err)
	}
	return true
}
