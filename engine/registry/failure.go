package registry

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"walm.io/engine/problem"
)

// failure turns a transport error into a problem: a known one (a refused address, a limit), the caller's own
// cancellation, or the given code with the given beginning of a sentence and the reason. It is for addresses that the
// operator configured.
func failure(ctx context.Context, err error, code problem.Code, sentence string) error {
	if known, found := problem.From(err); found {
		return known
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", sentence, context.Cause(ctx))
	}
	return problem.New(code, "%s: %s", sentence, reasonOf(err)).Because(err)
}

// unreachable is failure for addresses named by a caller, a chart, an index or a redirect: every failure gets one code
// and one text, or the errors would reveal which ports are open in Walm's network. Even a known problem is replaced,
// except an address that is refused without connecting. The reason is logged.
func (f *Fetcher) unreachable(ctx context.Context, err error, at hop, code problem.Code, sentence string) error {
	if refused, found := problem.From(err); found && refused.Code == problem.AddressRefused && !errors.Is(err, errLedAstray) {
		return refused
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", sentence, context.Cause(ctx))
	}
	if f.options.Log != nil {
		f.options.Log.Info("an address cannot be used", "code", code, "message", sentence, "reason", reasonOf(err))
	}
	return hidden{problem.New(code, "%s", sentence).Because(err), at.begun.Add(f.options.Evenly)}
}

// hidden is a failure whose timing would reveal what its text does not.
type hidden struct {
	*problem.Problem

	until time.Time
}

// Unwrap gives the problem.
func (h hidden) Unwrap() error { return h.Problem }

// evenly delays a failure until the uniform time. It is called without holding a place for downloads.
func evenly(ctx context.Context, err error) error {
	var kept hidden
	if !errors.As(err, &kept) {
		return err
	}
	timer := time.NewTimer(time.Until(kept.until))
	defer timer.Stop()
	select {
	case <-timer.C:
		return kept.Problem
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// reasonOf describes a transport error without the address, which may contain secrets.
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
