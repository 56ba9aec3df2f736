package kubelet

import (
	"context"
	"io"
	"net/http"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// snapshot is a container's run as last seen.
type snapshot struct {
	pod       *corev1.Pod
	container string
	run       run
}

// stream writes the log. With follow it continues until the run ends, the pod is gone or the reader disconnects.
func stream(ctx context.Context, w http.ResponseWriter, current snapshot, find func(context.Context) (snapshot, error), options logOptions) {
	out := &limited{w: w, left: options.limit}
	lines := current.run.lines(current.pod, current.container, time.Now())
	seen := len(lines)
	for _, line := range options.pick(lines) {
		out.write(options.format(line))
	}
	flush(w)
	if !options.follow {
		return
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for current.run.ended.IsZero() && !out.full() {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		latest, err := find(ctx)
		if err != nil || !latest.run.started.Equal(current.run.started) {
			return
		}
		lines := latest.run.lines(latest.pod, latest.container, time.Now())
		for _, line := range lines[min(seen, len(lines)):] {
			out.write(options.format(line))
		}
		flush(w)
		current, seen = latest, len(lines)
	}
}

func flush(w http.ResponseWriter) {
	// A response that cannot be flushed is sent when it is complete.
	_ = http.NewResponseController(w).Flush()
}

// limited writes up to a number of bytes; a negative one means no limit.
type limited struct {
	w    io.Writer
	left int
}

func (l *limited) full() bool { return l.left == 0 }

func (l *limited) write(text string) {
	if l.left >= 0 {
		text = text[:min(len(text), l.left)]
		l.left -= len(text)
	}
	// A reader that left is noticed by the request's context.
	_, _ = io.WriteString(l.w, text)
}
