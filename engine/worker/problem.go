package worker

import (
	"context"
	"errors"

	"walm.io/engine/problem"
)

// ProblemOf says to the person what became of a chart's templates; `what` names them, e.g. "the templates of chart
// web". Errors that are about something else come back as they are.
func ProblemOf(err error, what string, memoryBytes int64) error {
	switch {
	case errors.Is(err, ErrMemory):
		return problem.New(problem.TemplateFailed,
			"%s need more than %d MiB of memory: look for loops and recursion in them", what, memoryBytes>>20)
	case errors.Is(err, context.DeadlineExceeded):
		return problem.New(problem.TemplateTimeout, "%s did not finish in time: look for loops and recursion in them", what)
	case errors.Is(err, ErrEnded):
		return problem.New(problem.TemplateFailed,
			"%s ended unexpectedly: look for recursion without end in them", what).Because(err)
	default:
		return err
	}
}
