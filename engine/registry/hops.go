package registry

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"walm.io/engine/guard"
)

// hop is one request in a possible chain of redirects.
type hop struct {
	to    origin
	begun time.Time
}

// hops is a transport that remembers where the last request went, and when. A server other than the owner that does not
// start its response in time counts as silent, so that silence takes as long as every other failure. Bodies have to
// arrive at a pace, from the owner, too.
type hops struct {
	next   http.RoundTripper
	owner  origin
	within time.Duration
	pace   pace

	mutex sync.Mutex
	at    hop
}

func (h *hops) last() hop {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.at
}

func (h *hops) RoundTrip(request *http.Request) (*http.Response, error) {
	now := hop{originOf(request.URL), time.Now()}
	h.mutex.Lock()
	h.at = now
	h.mutex.Unlock()
	ctx, stop := context.WithCancelCause(request.Context())
	if h.within != 0 && now.to != h.owner {
		defer time.AfterFunc(h.within, func() { stop(errStalled) }).Stop()
	}
	response, err := h.next.RoundTrip(request.WithContext(ctx))
	if err != nil {
		err = causeOf(ctx, err)
		stop(err)
		return nil, err
	}
	response.Body = newSteadyBody(ctx, response.Body, h.pace, stop)
	return response, nil
}

// pace is how fast the body of an answer has to arrive: a server that sends single bytes must not occupy a place for
// downloads that others wait for.
type pace struct {
	// window is the time in which at least bytes have to arrive, until the body ends.
	window time.Duration
	bytes  int64
	// whole is the maximum time for one body.
	whole time.Duration
}

// slowestPace is about 6 KiB/s.
var slowestPace = pace{window: 10 * time.Second, bytes: 64 << 10, whole: downloadTime}

// steadyBody is a body that ends with errStalled if it arrives too slowly. Closing it releases its request's context.
type steadyBody struct {
	io.ReadCloser

	ctx  context.Context
	stop context.CancelCauseFunc
	pace pace

	mutex    sync.Mutex
	received int64
	closed   bool
	looking  *time.Timer
	whole    *time.Timer
}

func newSteadyBody(ctx context.Context, body io.ReadCloser, pace pace, stop context.CancelCauseFunc) *steadyBody {
	steady := &steadyBody{ReadCloser: body, ctx: ctx, stop: stop, pace: pace}
	steady.mutex.Lock()
	defer steady.mutex.Unlock()
	steady.looking = time.AfterFunc(pace.window, steady.look)
	steady.whole = time.AfterFunc(pace.whole, func() { stop(errStalled) })
	return steady
}

// look ends a body of which too little arrived within the window.
func (b *steadyBody) look() {
	defer guard.Logged(slog.Default(), "watching a download")
	b.mutex.Lock()
	defer b.mutex.Unlock()
	switch {
	case b.closed:
	case b.received < b.pace.bytes:
		b.stop(errStalled)
	default:
		b.received = 0
		b.looking.Reset(b.pace.window)
	}
}

func (b *steadyBody) Read(target []byte) (int, error) {
	count, err := b.ReadCloser.Read(target)
	b.mutex.Lock()
	b.received += int64(count)
	b.mutex.Unlock()
	if err != nil && err != io.EOF {
		return count, causeOf(b.ctx, err)
	}
	return count, err
}

func (b *steadyBody) Close() error {
	b.mutex.Lock()
	b.closed = true
	b.looking.Stop()
	b.whole.Stop()
	b.mutex.Unlock()
	defer b.stop(nil)
	return b.ReadCloser.Close()
}
