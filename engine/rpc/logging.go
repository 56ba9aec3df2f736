package rpc

import (
	"io"
	stdlog "log"
	"log/slog"

	"k8s.io/klog/v2"
)

// NewLog writes JSON lines, those of the libraries included. Client-go's own lines are of interest when debugging
// only: what they say comes back as an error too.
func NewLog(output io.Writer, debug bool) *slog.Logger {
	level := slog.LevelInfo
	if debug {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewJSONHandler(output, &slog.HandlerOptions{Level: level}))
	slog.SetDefault(log)
	stdlog.SetFlags(0)
	stdlog.SetOutput(slog.NewLogLogger(log.Handler(), slog.LevelDebug).Writer())
	if debug {
		klog.SetSlogLogger(log)
	} else {
		klog.LogToStderr(false)
		klog.SetOutput(io.Discard)
	}
	return log
}
