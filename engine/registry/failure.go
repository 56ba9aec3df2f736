package registry

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"walm.io/engine/problem"
)

// failure turns a transport error into a problem: one that is known already (a refused address, a limit), the
// caller's own end, or the given code with the given beginning of a sentence and the reason. It is for addresses that the
// operator configured.
func failure(ctx context.Context, err error, code problem.Code, sentence string) error {
	if known := expected(ctx, err, sentence); known != nil {
		return known
	}
	return problem.New(code, "%s: %s", sentence, reasonOf(err)).Because(err)
}

// unreachable is failure for addresses that a caller, a chart or an index named: whatever is there, or is not, gets one
// code and one text, or Walm would tell what is open in the network that it stands in. The reason is for the log.
func (f *Fetcher) unreachable(ctx context.Context, err error, code problem.Code, sentence string) error {
	if known := expected(ctx, err, sentence); known != nil {
		return known
	}
	if f.options.Log != nil {
		f.options.Log.Info("an address cannot be used", "code", code, "message", sentence, "reason", reasonOf(err))
	}
	return problem.New(code, "%s", sentence).Because(err)
}

// expected is a problem that is known already, or the caller's own end; nil for others.
func expected(ctx context.Context, err error, sentence string) error {
	if known, found := problem.From(err); found {
		return known
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", sentence, context.Cause(ctx))
	}
	return nil
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
