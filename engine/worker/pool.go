// Package worker runs what charts bring with them in processes of their own: a template cannot be stopped from outside,
// can fill the memory, and can overflow the stack, which no Go program survives.
package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
)

// Errors of a worker that did not answer. The context's own error says that the time was over or the caller gone.
var (
	// ErrMemory says that the worker took, or answered, more than it may.
	ErrMemory = errors.New("too much memory")
	// ErrEnded says that the worker's process ended by itself.
	ErrEnded = errors.New("the worker ended unexpectedly")
)

// Settings say what workers are and what each may take.
type Settings struct {
	// Command starts a worker: a program that calls Serve.
	Command []string
	// Parallel is the number of orders carried out at the same time.
	Parallel int
	// MemoryBytes is what one worker may hold, AnswerBytes what it may answer to one order.
	MemoryBytes int64
	AnswerBytes int64
	// Warm keeps one worker ready, so that an order need not wait for a process to start.
	Warm bool
}

// Pool keeps workers. One that takes too long or too much is killed, and nobody else is touched by that.
type Pool struct {
	settings Settings
	log      *slog.Logger
	slots    chan struct{}

	mutex sync.Mutex
	idle  []*process
}

// NewPool prepares workers and, where they are kept warm, starts the first.
func NewPool(log *slog.Logger, settings Settings) *Pool {
	pool := &Pool{settings: settings, log: log, slots: make(chan struct{}, settings.Parallel)}
	pool.refillSoon()
	return pool
}

// Close ends the idle workers.
func (p *Pool) Close() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, worker := range p.idle {
		worker.kill()
	}
	p.idle = nil
}

// Do has one order carried out and reads the answer into `answer`; both are JSON. The context bounds it. A worker that
// did an order of the same topic before is preferred, because it may still know what that took to prepare. Errors:
// ErrMemory, ErrEnded, the context's.
func (p *Pool) Do(ctx context.Context, topic string, order, answer any) error {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	worker, err := p.take(topic)
	if err != nil {
		return fmt.Errorf("starting a worker: %w", err)
	}
	if err := worker.carryOut(ctx, p.settings, order, answer); err != nil {
		worker.kill()
		p.refillSoon()
		return err
	}
	worker.topics[topic] = true
	p.keep(worker)
	return nil
}

// refillSoon keeps a worker warm.
func (p *Pool) refillSoon() {
	if !p.settings.Warm {
		return
	}
	go func() {
		p.mutex.Lock()
		enough := len(p.idle) > 0
		p.mutex.Unlock()
		if enough {
			return
		}
		worker, err := start(p.settings.Command)
		if err != nil {
			p.log.Warn("a worker could not be started", "error", err)
			return
		}
		p.keep(worker)
	}()
}

func (p *Pool) keep(worker *process) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.idle) < p.settings.Parallel {
		p.idle = append(p.idle, worker)
		return
	}
	worker.kill()
}

// take gives an idle worker, the most suitable first, or a new one.
func (p *Pool) take(topic string) (*process, error) {
	p.mutex.Lock()
	last := len(p.idle) - 1
	chosen := last
	for index, worker := range p.idle {
		if worker.topics[topic] {
			chosen = index
		}
	}
	if chosen < 0 {
		p.mutex.Unlock()
		return start(p.settings.Command)
	}
	worker := p.idle[chosen]
	p.idle[chosen] = p.idle[last]
	p.idle = p.idle[:last]
	p.mutex.Unlock()
	return worker, nil
}
