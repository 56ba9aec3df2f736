package cluster

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"walm.io/engine/problem"
)

func TestWhatDidNotGetReadyInTimeHasItsCode(t *testing.T) {
	for name, one := range map[string]struct {
		err  error
		code problem.Code
	}{
		"hook failed": {fmt.Errorf("failed pre-install: %w", &waitError{hook: true, cause: errors.New("job failed")}), problem.HookFailed},
		"hook late":   {&waitError{hook: true, cause: errors.Join(errors.New("x"), context.DeadlineExceeded)}, problem.OperationTimeout},
		"wait late":   {&waitError{cause: context.DeadlineExceeded}, problem.OperationTimeout},
	} {
		if found := WaitProblem(one.err, "rel"); found == nil || found.Code != one.code {
			t.Errorf("%s: want %s, got %v", name, one.code, found)
		}
	}
	if found := WaitProblem(errors.New("x"), "rel"); found != nil {
		t.Errorf("an error that is about nothing awaited: %v", found)
	}
}
