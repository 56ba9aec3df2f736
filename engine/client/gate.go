package client

import (
	"context"
	"io"
	"net/http"
)

// gate is the transport of one operation. Once the operation is cancelled every further request fails, so
// Helm's goroutines come to their end by themselves; Helm itself carries on in the background after a
// cancelled context. Reads and watches under way are aborted too, writes under way are left to finish: their
// outcome stays known. Writes need the operation's permit, too.
type gate struct {
	operation context.Context
	// permit (may be nil) ends with the server's lead.
	permit  *Permit
	inner   http.RoundTripper
	observe func(*http.Request, *http.Response)
	// foreseen (may be nil) are reads that were sent ahead.
	foreseen *foreseenReads
	// reserved is where the operation has no business.
	reserved reservation
}

// RoundTrip sends one request unless the operation is over.
func (g *gate) RoundTrip(request *http.Request) (*http.Response, error) {
	if g.operation.Err() != nil {
		return nil, context.Cause(g.operation)
	}
	if err := g.permit.check(request); err != nil {
		return nil, err
	}
	request, err := g.reserved.check(request)
	if err != nil {
		return nil, err
	}
	if request.Method != http.MethodGet {
		response, err := g.inner.RoundTrip(request)
		if err == nil && g.observe != nil {
			g.observe(request, response)
		}
		return response, err
	}
	read := func() (*http.Response, error) { return g.read(request) }
	if g.foreseen == nil {
		return read()
	}
	return g.foreseen.roundTrip(request, read)
}

// read sends a request that the end of the operation aborts.
func (g *gate) read(request *http.Request) (*http.Response, error) {
	abortable, cancel := context.WithCancelCause(request.Context())
	stop := context.AfterFunc(g.operation, func() { cancel(context.Cause(g.operation)) })
	release := func() {
		stop()
		cancel(nil)
	}
	response, err := g.inner.RoundTrip(request.WithContext(abortable))
	if err != nil {
		release()
		return nil, err
	}
	response.Body = &gatedBody{ReadCloser: response.Body, release: release}
	return response, nil
}

// gatedBody keeps the link between operation and request until the answer was read.
type gatedBody struct {
	io.ReadCloser
	release func()
}

// Close closes the body and forgets the request.
func (b *gatedBody) Close() error {
	err := b.ReadCloser.Close()
	b.release()
	return err
}
