package rpc

import (
	"context"

	"walm.io/engine/seal"
)

// sealParams is the request of the engine to the server: the seal of a revision that is about to be written.
type sealParams struct {
	Token string     `json:"token"`
	Facts seal.Facts `json:"facts"`
}

// sealAnswer is one word, which goes into an annotation.
type sealAnswer struct {
	Seal string `json:"seal"`
}

// sealRevision calls the server back, which alone has the keys. Like changeDocuments.
func (c *connection) sealRevision(ctx context.Context, token string, facts seal.Facts) (string, error) {
	var answer sealAnswer
	if err := c.rpc.Call(ctx, "release/seal", sealParams{Token: token, Facts: facts}, &answer); err != nil {
		return "", refusal(err)
	}
	return answer.Seal, nil
}
