package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/ownership"
)

// gate is the transport of one operation. Once the operation is cancelled every further request fails, so that Helm's
// goroutines end by themselves; Helm itself would carry on in the background after a cancelled context. Reads and
// watches in flight are aborted too, writes in flight may finish, so that their outcome is known. Writes also need the
// operation's permit.
type gate struct {
	operation context.Context
	// permit (may be nil) ends with the server's term of leadership.
	permit *Permit
	inner  http.RoundTripper
	// observe (may be nil) is called for each write that was sent, with its response; nil if none arrived.
	observe func(*http.Request, *http.Response)
	// foreseen (may be nil) are reads that were sent ahead.
	foreseen *foreseenReads
	// reserved is the namespace that the operation must not touch.
	reserved reservation
	// claims (may be nil) is what the operation may do to objects.
	claims *ownership.Claims
	// lean (may be nil) reduces the content of Walm's own objects.
	lean *leanConfigs
	// dry (may be nil) tells that nothing is to be written.
	dry *atomic.Bool
}

// RoundTrip sends one request unless the operation is over, or the request is not allowed.
func (g *gate) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method != http.MethodGet {
		if g.dry != nil && g.dry.Load() {
			var err error
			if request, err = asDryRun(request); err != nil {
				return nil, err
			}
		}
		return g.claims.Send(request, g.send)
	}
	if g.foreseen == nil {
		return g.send(request)
	}
	// A read that is sent ahead will be made soon.
	return g.foreseen.roundTrip(request,
		func() (*http.Response, error) { return g.send(request) },
		func() (*http.Response, error) { return g.claims.ReadSettled(request, g.send) })
}

// asDryRun makes a write one that the cluster only judges. A deletion says so in its body, which is not looked at here: it is
// refused.
func asDryRun(request *http.Request) (*http.Request, error) {
	if request.Method == http.MethodDelete {
		return nil, errors.New("a deletion was sent by an operation that writes nothing")
	}
	dry := request.Clone(request.Context())
	query := dry.URL.Query()
	query.Set("dryRun", metav1.DryRunAll)
	dry.URL.RawQuery = query.Encode()
	return dry, nil
}

// send checks and sends each request that leaves the engine.
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
	if g.observe != nil {
		g.observe(request, response)
	}
	return response, err
}

// read sends a request that is aborted when the operation ends.
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

// gatedBody keeps the link between operation and request until the response was read.
type gatedBody struct {
	io.ReadCloser
	release func()
}

// Close closes the body and ends that link.
func (b *gatedBody) Close() error {
	err := b.ReadCloser.Close()
	b.release()
	return err
}
