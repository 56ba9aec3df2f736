package registry

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// hop is one request in a possible chain of redirects.
type hop struct {
	to    origin
	begun time.Time
}

// hops is a transport that remembers where the last request went, and when. A server other than the owner that does not
// start its response in time counts as silent, so that silence takes as long as every other failure.
type hops struct {
	next   http.RoundTripper
	owner  origin
	within time.Duration

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
	if h.within == 0 || now.to == h.owner {
		return h.next.RoundTrip(request)
	}
	ctx, stop := context.WithCancelCause(request.Context())
	timer := time.AfterFunc(h.within, func() { stop(errStalled) })
	response, err := h.next.RoundTrip(request.WithContext(ctx))
	timer.Stop()
	if err != nil {
		stop(err)
		return nil, causeOf(ctx, err)
	}
	response.Body = releasing{response.Body, func() { stop(nil) }}
	return response, nil
}

// releasing is a body that releases its request's context when it is closed.
type releasing struct {
	io.ReadCloser

	release func()
}

func (r releasing) Close() error {
	defer r.release()
	return r.ReadCloser.Close()
}
