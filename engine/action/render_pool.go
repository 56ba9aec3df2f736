package action

import (
	"context"
	"log/slog"

	"walm.io/engine/fair"
	"walm.io/engine/worker"
	"walm.io/engine/worker/isolation"
)

const (
	// parallelRenders is the number of charts rendered at the same time.
	parallelRenders = 4
	// RenderMemoryBytes is what the templates of one chart may take.
	RenderMemoryBytes = 512 << 20
	// allRendersBytes is what the templates of all charts may take at the same time: with the engine itself, less than 1 GiB.
	allRendersBytes = 576 << 20
	// renderedBytes is what all files of one chart may add up to; a record has less than 1 MiB.
	renderedBytes = 64 << 20
)

// RenderPool renders charts in worker processes, each killed when its templates take too long or too much memory.
type RenderPool struct {
	workers *worker.Pool
	memory  int64
}

// NewRenderPool prepares workers that `command` starts (a program that calls ServeRenders) and starts the first. None
// may hold more than `memory` bytes.
func NewRenderPool(log *slog.Logger, memory int64, command ...string) *RenderPool {
	return &RenderPool{memory: memory, workers: worker.NewPool(log, worker.Settings{
		Command:     command,
		Parallel:    parallelRenders,
		MemoryBytes: memory,
		AllBytes:    allRendersBytes,
		AnswerBytes: renderedBytes,
		Warm:        true,
	})}
}

// Close ends the idle workers.
func (p *RenderPool) Close() {
	p.workers.Close()
}

// Isolation says what holds of the isolation of the workers.
func (p *RenderPool) Isolation() (isolation.Report, error) {
	return p.workers.Isolation()
}

// enter waits for a place to render in; the time of waiting is not the time of the templates. Errors: ENGINE_BUSY, the
// context's.
func (p *RenderPool) enter(ctx context.Context, caller fair.Caller, name string) (leave func(), err error) {
	leave, err = p.workers.Enter(ctx, caller)
	return leave, worker.BusyProblem(err, "the templates of chart "+name)
}

// render has one order carried out by one who has a place. The context bounds it; `reply` answers lookups. Errors:
// TEMPLATE_FAILED, TEMPLATE_TIMEOUT, ENGINE_BUSY, VALUES_INVALID, those of the cluster.
func (p *RenderPool) render(ctx context.Context, name string, order renderOrder, reply worker.Reply) (renderResult, error) {
	var result renderResult
	if err := p.workers.Do(ctx, "", order.packed(), &result, reply); err != nil {
		return renderResult{}, worker.ProblemOf(err, "the templates of chart "+name, p.memory)
	}
	if result.Problem != nil {
		return renderResult{}, result.Problem
	}
	return result, nil
}
