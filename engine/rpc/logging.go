package rpc

import (
	"io"
	stdlog "log"
	"log/slog"

	"k8s.io/klog/v2"
)

// NewLog writes JSON lines, including those of libraries. Client-go's own lines are logged at debug level only, because
// it also returns the errors.
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
