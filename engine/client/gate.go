package client

import (
	"context"
	"io"
	"net/http"

	"walm.io/engine/ownership"
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
	// claims (may be nil) is what the operation may do to objects.
	claims *ownership.Claims
	// lean (may be nil) is about the content of Walm's own objects.
	lean *leanConfigs
}

// RoundTrip sends one request unless the operation is over, or has no business with it.
func (g *gate) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method != http.MethodGet {
		return g.claims.Send(request, g.send)
	}
	if g.foreseen == nil {
		return g.send(request)
	}
	// What is read ahead is about to be made.
	return g.foreseen.roundTrip(request,
		func() (*http.Response, error) { return g.send(request) },
		func() (*http.Response, error) { return g.claims.ReadSettled(request, g.send) })
}

// send is asked for each request that leaves the engine.
func (g *gate) send(request *http.Request) (*http.Response, error) {
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
	if request.Method == http.MethodGet {
		return g.read(request)
	}
	response, err := g.lean.roundTrip(request, g.inner.RoundTrip)
	if err == nil && g.observe != nil {
		g.observe(request, response)
	}
	return response, err
}

// read sends a request that the end of the operation aborts.
func (g *gate) read(request *http.Request) (*http.Response, error) {
	abortable, cancel := context.WithCancelCause(request.Context())
	stop := context.AfterFunc(g.operation, func() { cancel(context.Cause(g.operation)) })
	release := func() {
		stop()
		cancel(nil)
	}
	response, err := g.lean.roundTrip(request.WithContext(abortable), g.inner.RoundTrip)
	if err != nil {
		release()
		return nil, err
	}
	response.Body = &gatedBody{ReadCloser: response.Body, release: release}
	if err := g.claims.Note(request, response); err != nil {
		return nil, err
	}
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
