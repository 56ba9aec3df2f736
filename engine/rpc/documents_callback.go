package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sourcegraph/jsonrpc2"

	"walm.io/engine/problem"
	"walm.io/engine/rendering"
)

// transformParams is the request of the engine to the server: which of these documents change?
type transformParams struct {
	Token     string              `json:"token"`
	Recorded  bool                `json:"recorded"`
	Compared  bool                `json:"compared"`
	Documents text                `json:"documents"`
	Served    map[string][]string `json:"served"`
}

// changeDocuments calls the server back; its answer is a text of action.DocumentChanges. It gives up when the operation
// is cancelled or the server is gone, and a refusal of the server becomes the operation's problem.
func (c *connection) changeDocuments(ctx context.Context, question rendering.DocumentQuestion) (*rendering.DocumentChanges, error) {
	documents, err := c.engine.spillJSON(question.Documents)
	if err != nil {
		return nil, err
	}
	params := transformParams{
		Token: question.Token, Recorded: question.Recorded, Compared: question.Compared, Documents: documents, Served: question.Served,
	}
	var answer text
	if err := c.rpc.Call(ctx, "documents/transform", params, &answer); err != nil {
		return nil, refusal(err)
	}
	var changes rendering.DocumentChanges
	if err := c.engine.unspillJSON(answer, &changes); err != nil {
		return nil, fmt.Errorf("reading the changes of documents: %w", err)
	}
	return &changes, nil
}

// refusal reads the problem from the server's answer.
func refusal(err error) error {
	var answer *jsonrpc2.Error
	if !errors.As(err, &answer) {
		return fmt.Errorf("asking the server what to change in documents: %w", err)
	}
	var found problem.Problem
	if answer.Data != nil && json.Unmarshal(*answer.Data, &found) == nil && found.Code != "" {
		return &found
	}
	return fmt.Errorf("the server failed to change documents: %s", answer.Message)
}
