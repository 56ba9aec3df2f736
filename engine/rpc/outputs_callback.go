package rpc

import (
	"context"
	"encoding/json"
	"fmt"

	"walm.io/engine/rendering"
)

// outputsParams is the request of the engine to the server: which of these outputs and values are secret?
type outputsParams struct {
	Token string `json:"token"`
	// Outputs is a text of {outputConfig, computedValues, secrets}.
	Outputs text `json:"outputs"`
}

// publishedOutputs are the outputs of a chart, and what they may be taken from.
type publishedOutputs struct {
	OutputConfig   any                        `json:"outputConfig"`
	ComputedValues json.RawMessage            `json:"computedValues"`
	Secrets        []rendering.RenderedSecret `json:"secrets"`
}

// findOutputSecrets calls the server back; its answer is a text of action.HiddenSecrets. Like changeDocuments.
func (c *connection) findOutputSecrets(ctx context.Context, question rendering.OutputQuestion) (hidden rendering.HiddenSecrets, err error) {
	outputs, err := c.engine.spillJSON(publishedOutputs{
		OutputConfig: question.OutputConfig, ComputedValues: question.ComputedValues, Secrets: question.Secrets,
	})
	if err != nil {
		return hidden, err
	}
	var answer text
	if err := c.rpc.Call(ctx, "outputs/secrets", outputsParams{Token: question.Token, Outputs: outputs}, &answer); err != nil {
		return hidden, refusal(err)
	}
	if err := c.engine.unspillJSON(answer, &hidden); err != nil {
		return hidden, fmt.Errorf("reading what is secret in outputs: %w", err)
	}
	return hidden, nil
}
