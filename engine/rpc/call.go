package rpc

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/sourcegraph/jsonrpc2"

	"walm.io/engine/client"
	"walm.io/engine/fair"
	"walm.io/engine/progress"
)

// call is one request while it is performed.
type call struct {
	connection *connection
	engine     *engine
	context    context.Context
	// envelope is the message as received: it contains the request id, the identity and the term in which it may write.
	envelope json.RawMessage
	// params are the parameters: in the envelope, or in a separate text.
	params json.RawMessage
}

// spilledParams are parameters sent separately from their message: as a part of it they would be parsed, checked and
// copied as often as the message is.
type spilledParams struct {
	Spilled *text `json:"spilledParams"`
}

// open returns the parameters of a message.
func (e *engine) open(envelope json.RawMessage) (json.RawMessage, error) {
	if len(envelope) > inlineLimit || !bytes.Contains(envelope, []byte(`"spilledParams"`)) {
		return envelope, nil
	}
	var found spilledParams
	if err := json.Unmarshal(envelope, &found); err != nil {
		return nil, invalidParams(err.Error())
	}
	if found.Spilled == nil {
		return envelope, nil
	}
	return e.unspill(*found.Spilled)
}

// read parses the parameters. Numbers in values get the same type as in a values file of the helm command, where a
// template prints ten million as 1e+07.
func read[T any](c call) (T, error) {
	var params T
	if err := json.Unmarshal(c.params, &params); err != nil {
		return params, invalidParams(err.Error())
	}
	return params, nil
}

func invalidParams(message string) error {
	return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: "invalid parameters: " + message}
}

// reporter sends progress notifications for the request, if it has an id.
func (c call) reporter() progress.Reporter {
	id := c.requestID()
	if id == "" {
		return nil
	}
	return func(step progress.Step) {
		c.connection.notify("progress", struct {
			RequestID string `json:"requestId"`
			progress.Step
		}{id, step})
	}
}

func (c call) requestID() string {
	var params struct {
		RequestID string `json:"requestId"`
	}
	if json.Unmarshal(c.envelope, &params) != nil {
		return ""
	}
	return params.RequestID
}

// sharer is the caller whose share of resources the request uses; without one, the engine's own.
func (c call) sharer() fair.Caller {
	var params struct {
		Sharer fair.Caller `json:"sharer"`
	}
	if json.Unmarshal(c.envelope, &params) != nil {
		return fair.Caller{}
	}
	return params.Sharer
}

// permit returns the permit to write of a request that only the leader may make, nil for others.
func (c call) permit() *client.Permit {
	var params struct {
		Term *client.Term `json:"term"`
	}
	if json.Unmarshal(c.envelope, &params) != nil || params.Term == nil {
		return nil
	}
	return c.engine.lead.Permit(*params.Term)
}

// notify sends a notification to the server. Its failures are only logged, because no caller could act on them.
func (c *connection) notify(method string, params any) {
	if err := c.rpc.Notify(c.context, method, params); err != nil && c.context.Err() == nil {
		c.log.Debug("sending a notification failed", "method", method, "error", err)
	}
}
