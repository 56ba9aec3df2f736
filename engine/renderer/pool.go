// Package renderer executes the templates of charts in worker processes that have only their pipes, and gives Helm a
// chart of finished texts in place of the real one.
package renderer

import (
	"context"
	"log/slog"

	"walm.io/engine/fair"
	"walm.io/engine/worker"
	"walm.io/engine/worker/isolation"
)

const (
	// parallelRenders is the number of charts rendered concurrently.
	parallelRenders = 4
	// MemoryBytes is the memory limit for the templates of one chart.
	MemoryBytes = 512 << 20
	// allRendersBytes is the memory limit for all concurrent renders: the same as for one.
	allRendersBytes = MemoryBytes
	// idleRenderBytes is the maximum memory of an idle worker: a new one uses 50 MiB, most of it the shared program.
	// Above that it is cheaper to start a new one than to keep it.
	idleRenderBytes = 80 << 20
	// renderedBytes is the maximum total size of the files of one chart; a record has less than 1 MiB.
	renderedBytes = 64 << 20
)

// Pool renders charts in worker processes, each killed if its templates take too much time or memory.
type Pool struct {
	workers *worker.Pool
	memory  int64
}

// NewPool prepares workers that `command` starts (a program that calls ServeRenders) and starts the first. None may use
// more than `memory` bytes.
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

// Isolation returns the state of the isolation of the workers.
func (p *Pool) Isolation() (isolation.Report, error) {
	return p.workers.Isolation()
}

// Enter waits for a place to render in; waiting does not count as rendering time. Errors: ENGINE_BUSY, the context's.
func (p *Pool) Enter(ctx context.Context, caller fair.Caller, name string) (leave func(), err error) {
	leave, err = p.workers.Enter(ctx, caller)
	return leave, worker.BusyProblem(err, "the templates of chart "+name)
}

// Render executes one order for a caller with a place. The context bounds it; `reply` answers lookups. Errors:
// TEMPLATE_FAILED, TEMPLATE_TIMEOUT, ENGINE_BUSY, VALUES_INVALID, those of the cluster.
func (p *Pool) Render(ctx context.Context, name string, order Order, reply worker.Reply) (Result, error) {
	packed, err := order.packed()
	if err != nil {
		return Result{}, err
	}
	var result Result
	if err := p.workers.Do(ctx, "", packed, &result, reply); err != nil {
		return Result{}, worker.ProblemOf(err, "the templates of chart "+name, p.memory)
	}
	if result.Problem != nil {
		return Result{}, result.Problem
	}
	return result, nil
}
