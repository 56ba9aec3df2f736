// Package rpc serves the server's requests on standard input and output, and calls it back: JSON-RPC, its texts and its
// errors.
package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"walm.io/engine/client"
	"walm.io/engine/guard"
	"walm.io/engine/problem"
)

const (
	// protocolVersion changes when a message changes its meaning.
	protocolVersion = 1
	// farewell is how long running operations may take to end after the server has gone.
	farewell = 10 * time.Second

	codeProblem   = -32000
	codeCancelled = -32800
)

// errServerGone cancels running operations when the parent closes its end.
var errServerGone = errors.New("the server is gone")

// connection serves one parent: a goroutine for each request, cancelled by `$/cancelRequest`.
type connection struct {
	log     *slog.Logger
	engine  engine
	rpc     *jsonrpc2.Conn
	context context.Context

	mutex   sync.Mutex
	running map[jsonrpc2.ID]context.CancelFunc
	work    sync.WaitGroup
}

// Serve answers requests until the input ends; then it cancels running operations and gives them a little time.
func Serve(ctx context.Context, stream io.ReadWriteCloser, log *slog.Logger, version string) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	served := &connection{log: log, context: ctx, running: map[jsonrpc2.ID]context.CancelFunc{}}
	served.engine.log, served.engine.version = log, version
	ready := make(chan struct{})
	served.rpc = jsonrpc2.NewConn(ctx, jsonrpc2.NewBufferedStream(stream, jsonrpc2.VSCodeObjectCodec{}), handlerFunc(
		func(_ context.Context, _ *jsonrpc2.Conn, request *jsonrpc2.Request) {
			<-ready
			served.receive(request)
		}))
	close(ready)
	<-served.rpc.DisconnectNotify()
	cancel(errServerGone)
	ended := make(chan struct{})
	guard.Go(log, "waiting for what runs", func() {
		defer close(ended)
		served.work.Wait()
	})
	select {
	case <-ended:
	case <-time.After(farewell):
	}
}

type handlerFunc func(context.Context, *jsonrpc2.Conn, *jsonrpc2.Request)

// Handle is part of jsonrpc2.Handler.
func (f handlerFunc) Handle(ctx context.Context, conn *jsonrpc2.Conn, request *jsonrpc2.Request) {
	f(ctx, conn, request)
}

// receive starts a request, or cancels one. It must not block: messages are read one after the other.
func (c *connection) receive(request *jsonrpc2.Request) {
	if request.Notif {
		switch request.Method {
		case "$/cancelRequest":
			c.cancel(request)
		case "lead":
			c.renew(request)
		}
		return
	}
	ctx, cancel := context.WithCancel(c.context)
	c.mutex.Lock()
	c.running[request.ID] = cancel
	c.mutex.Unlock()
	guard.GoIn(&c.work, c.log, "answering "+request.Method, func() {
		defer cancel()
		result, err := c.perform(ctx, request)
		if errors.Is(err, context.Canceled) && ctx.Err() != nil {
			err = cancelled(err)
		}
		c.mutex.Lock()
		delete(c.running, request.ID)
		c.mutex.Unlock()
		c.reply(request, result, err)
	})
}

func (c *connection) cancel(request *jsonrpc2.Request) {
	var params struct {
		ID jsonrpc2.ID `json:"id"`
	}
	if request.Params == nil || json.Unmarshal(*request.Params, &params) != nil {
		return
	}
	c.mutex.Lock()
	cancel, found := c.running[params.ID]
	c.mutex.Unlock()
	if found {
		cancel()
	}
}

// renew stores until when the server leads.
func (c *connection) renew(request *jsonrpc2.Request) {
	var term client.Term
	if request.Params != nil && json.Unmarshal(*request.Params, &term) == nil {
		c.engine.lead.Renew(term)
	}
}

// perform runs the method; a panic becomes an error whose text stays in the log.
func (c *connection) perform(ctx context.Context, request *jsonrpc2.Request) (result any, err error) {
	defer guard.Into(&err)
	run, known := methods[request.Method]
	if !known {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: "unknown method " + request.Method}
	}
	envelope := json.RawMessage("{}")
	if request.Params != nil {
		envelope = *request.Params
	}
	params, err := c.engine.open(envelope)
	if err != nil {
		return nil, err
	}
	return run(call{connection: c, engine: &c.engine, context: ctx, envelope: envelope, params: params})
}

func (c *connection) reply(request *jsonrpc2.Request, result any, err error) {
	if err == nil {
		err = c.rpc.Reply(c.context, request.ID, result)
		if !c.isLost(err) {
			return
		}
		// An answer that cannot be encoded has not been sent in part: without an error the server would wait forever.
		err = fmt.Errorf("encoding the answer: %w", err)
	}
	if err = c.rpc.ReplyWithError(c.context, request.ID, c.failure(request, err)); c.isLost(err) {
		c.log.Error("sending a reply failed", "method", request.Method, "error", err)
	}
}

// isLost tells whether a reply was not sent although the server waits for it.
func (c *connection) isLost(err error) bool {
	return err != nil && !errors.Is(err, jsonrpc2.ErrClosed) && c.context.Err() == nil
}

// failure encodes an error for the server. Unexpected errors are logged here and stay opaque outside.
func (c *connection) failure(request *jsonrpc2.Request, err error) *jsonrpc2.Error {
	var refused *jsonrpc2.Error
	if errors.As(err, &refused) {
		return refused
	}
	found, expected := problem.From(err)
	if !expected {
		found = c.unexpected(request, err)
	}
	code := int64(codeProblem)
	if found.Code == problem.Cancelled {
		code = codeCancelled
	}
	answer := &jsonrpc2.Error{Code: code, Message: found.Message}
	answer.SetError(found)
	return answer
}

// cancelled is the result of a cancelled operation that does not say so itself. The server does not wait for it.
func cancelled(err error) error {
	if _, expected := problem.From(err); expected {
		return err
	}
	return problem.New(problem.Cancelled, "the operation was cancelled").Because(err)
}

func (c *connection) unexpected(request *jsonrpc2.Request, err error) *problem.Problem {
	id := requestIDOf(request)
	var panicked *guard.PanicError
	if errors.As(err, &panicked) {
		c.log.Error("operation panicked", "method", request.Method, "requestId", id, "panic", fmt.Sprint(panicked.Value), "stack", string(panicked.Stack))
		return problem.New(problem.Internal, "the engine failed unexpectedly; its log has the details under request %s", id)
	}
	c.log.Error("operation failed unexpectedly", "method", request.Method, "requestId", id, "error", err)
	return problem.New(problem.Internal, "%s", err)
}

func requestIDOf(request *jsonrpc2.Request) string {
	var params struct {
		RequestID string `json:"requestId"`
	}
	if request.Params != nil && json.Unmarshal(*request.Params, &params) == nil && params.RequestID != "" {
		return params.RequestID
	}
	return request.ID.String()
}
