// Package renderer executes the templates of charts in worker processes that have nothing but their pipes, and gives Helm
// a chart of finished texts in place of the real one.
package renderer

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
	// MemoryBytes is what the templates of one chart may take.
	MemoryBytes = 512 << 20
	// allRendersBytes is what the templates of all charts may take at the same time: as much as those of one may.
	allRendersBytes = MemoryBytes
	// idleRenderBytes is what a worker may hold that waits for an order: one that has just begun holds 50 MiB, most of it
	// the program that all share. What was larger costs less to start than to keep.
	idleRenderBytes = 80 << 20
	// renderedBytes is what all files of one chart may add up to; a record has less than 1 MiB.
	renderedBytes = 64 << 20
)

// Pool renders charts in worker processes, each killed when its templates take too long or too much memory.
type Pool struct {
	workers *worker.Pool
	memory  int64
}

// NewPool prepares workers that `command` starts (a program that calls ServeRenders) and starts the first. None
// may hold more than `memory` bytes.
func NewPool(log *slog.Logger, memory int64, command ...string) *Pool {
	return &Pool{memory: memory, workers: worker.NewPool(log, worker.Settings{
		Command:     command,
		Parallel:    parallelRenders,
		MemoryBytes: memory,
		AllBytes:    allRendersBytes,
		IdleBytes:   idleRenderBytes,
		AnswerBytes: renderedBytes,
		Warm:        true,
	})}
}

// Close ends the idle workers.
func (p *Pool) Close() {
	p.workers.Close()
}

// Isolation says what holds of the isolation of the workers.
func (p *Pool) Isolation() (isolation.Report, error) {
	return p.workers.Isolation()
}

// Enter waits for a place to render in; the time of waiting is not the time of the templates. Errors: ENGINE_BUSY, the
// context's.
func (p *Pool) Enter(ctx context.Context, caller fair.Caller, name string) (leave func(), err error) {
	leave, err = p.workers.Enter(ctx, caller)
	return leave, worker.BusyProblem(err, "the templates of chart "+name)
}

// Render has one order carried out by one who has a place. The context bounds it; `reply` answers lookups. Errors:
// TEMPLATE_FAILED, TEMPLATE_TIMEOUT, ENGINE_BUSY, VALUES_INVALID, those of the cluster.
func (p *Pool) Render(ctx context.Context, name string, order Order, reply worker.Reply) (Result, error) {
	var result Result
	if err := p.workers.Do(ctx, "", order.packed(), &result, reply); err != nil {
		return Result{}, worker.ProblemOf(err, "the templates of chart "+name, p.memory)
	}
	if result.Problem != nil {
		return Result{}, result.Problem
	}
	return result, nil
}
