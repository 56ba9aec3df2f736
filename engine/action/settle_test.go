package action

import (
	"context"
	"errors"
	"net"
	"net/url"
	"testing"

	"walm.io/engine/problem"
)

// The failure itself would end the change, and nothing would settle the revision that is still pending.
func TestAFailureThatCouldNotBeRecordedIsNotToldAsTheEnd(t *testing.T) {
	failure := problem.New(problem.AdmissionRefused, "no")
	away := &url.Error{Op: "Put", URL: "https://x", Err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, of := range map[string]struct {
		ctx       context.Context
		unwritten error
		code      problem.Code
	}{
		"it was recorded":               {t.Context(), nil, problem.AdmissionRefused},
		"the cluster was away":          {t.Context(), away, problem.ClusterUnreachable},
		"another one has written it":    {t.Context(), problem.New(problem.RevisionMismatch, "x"), problem.AdmissionRefused},
		"it may not be written":         {t.Context(), problem.New(problem.Forbidden, "x"), problem.AdmissionRefused},
		"who cancelled it will end it":  {cancelled, away, problem.AdmissionRefused},
		"the record itself is the news": {t.Context(), problem.New(problem.ReleaseTooLarge, "x"), problem.AdmissionRefused},
	} {
		t.Run(name, func(t *testing.T) {
			op := &operation{ctx: of.ctx, target: Target{Namespace: "ns", Name: "rel"}}
			got := op.unsettled(failure, of.unwritten)
			if !problem.HasCode(got, of.code) || !errors.Is(got, failure) {
				t.Errorf("it is answered with %v", got)
			}
		})
	}
}
