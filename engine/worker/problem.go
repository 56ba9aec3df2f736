package worker

import (
	"context"
	"errors"
	"time"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

// ProblemOf describes for the caller what happened to a chart's templates; `what` names them, e.g. "the templates of
// chart web". Other errors are returned unchanged.
func ProblemOf(err error, what string, memoryBytes int64) error {
	switch {
	case errors.Is(err, ErrMemory):
		return problem.New(problem.TemplateFailed,
			"%s need more than %d MiB of memory: look for loops and recursion in them", what, memoryBytes>>20)
	case errors.Is(err, ErrCrowded):
		return problem.New(problem.EngineBusy, "%s need more memory than others leave of it: try again later", what).
			With("retryAfterSec", retryAfterSec)
	case errors.Is(err, context.DeadlineExceeded):
		return problem.New(problem.TemplateTimeout, "%s did not finish in time: look for loops and recursion in them", what)
	case errors.Is(err, ErrEnded):
		return problem.New(problem.TemplateFailed,
			"%s ended unexpectedly: look for recursion without end in them", what).Because(err)
	default:
		return err
	}
}

// BusyProblem says that the workers are busy; other errors are returned unchanged.
func BusyProblem(err error, what string) error {
	if !errors.Is(err, fair.ErrBusy) {
		return err
	}
	return problem.New(problem.EngineBusy, "%s waited longer than %d s for others to finish: try again later",
		what, int(patience/time.Second)).With("retryAfterSec", retryAfterSec).Because(err)
}

// retryAfterSec is when to try again.
const retryAfterSec = 10
