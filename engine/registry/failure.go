package registry

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"walm.io/engine/problem"
)

// failure turns a transport error into a problem: one that is known already (a refused address, a limit), the
// caller's own end, or the given code with the given beginning of a sentence.
func failure(ctx context.Context, err error, code problem.Code, sentence string) error {
	if known, found := problem.From(err); found {
		return known
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", sentence, context.Cause(ctx))
	}
	return problem.New(code, "%s: %s", sentence, reasonOf(err)).Because(err)
}

// reasonOf turns a transport error into words without the address, which may hold secrets.
func reasonOf(err error) string {
	if errors.Is(err, errStalled) {
		return errStalled.Error()
	}
	var outer *url.Error
	for errors.As(err, &outer) {
		err = outer.Err
	}
	return err.Error()
}
