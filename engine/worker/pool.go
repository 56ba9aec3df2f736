// Package worker runs what charts bring with them in processes of their own: a template cannot be stopped from outside,
// can fill the memory, and can overflow the stack, which no Go program survives. The processes have only their pipes;
// see package isolation.
package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"walm.io/engine/fair"
	"walm.io/engine/guard"
	"walm.io/engine/worker/isolation"
)

// Errors of a worker that did not answer. The context's own error says that the time was over or the caller gone.
var (
	// ErrMemory says that the worker used, or answered, more than allowed.
	ErrMemory = errors.New("too much memory")
	// ErrCrowded says that all workers together used more than allowed, and this one most of it.
	ErrCrowded = errors.New("too much memory for all workers together")
	// ErrEnded says that the worker's process ended by itself.
	ErrEnded = errors.New("the worker ended unexpectedly")
)

const (
	// patience is the maximum wait of an order, waitingOrders the maximum number of waiting orders of one user.
	patience      = 30 * time.Second
	waitingOrders = 100
)

// Settings describe the workers and their limits.
type Settings struct {
	// Command starts a worker: a program that calls Serve.
	Command []string
	// Parallel is the number of orders executed concurrently; one user has at most all but one.
	Parallel int
	// MemoryBytes is the memory limit of one worker, AnswerBytes the limit of one answer.
	MemoryBytes int64
	AnswerBytes int64
	// IdleBytes is the memory limit of an idle worker; 0 is a quarter of MemoryBytes.
	IdleBytes int64
	// AllBytes is the memory limit of all busy workers together: beyond it the largest is killed. 0 means no limit.
	AllBytes int64
	// Warm keeps one worker ready, so that an order need not wait for a process to start.
	Warm bool

	holdings *holdings
}

// Reply answers what a worker asks while it executes an order. The question is JSON from a process that may be hostile.
type Reply func(question []byte) any

// Pool keeps workers. One that uses too much time or memory is killed, which affects no other.
type Pool struct {
	settings Settings
	log      *slog.Logger
	gate     *fair.Gate

	mutex sync.Mutex
	idle  []*process
}

// NewPool prepares workers and, if they are kept warm, starts the first.
func NewPool(log *slog.Logger, settings Settings) *Pool {
	places := int64(settings.Parallel)
	settings.holdings = newHoldings()
	pool := &Pool{settings: settings, log: log, gate: fair.NewGate(fair.Settings{
		Capacity: places, Share: max(1, places-1), Patience: patience, Waiting: waitingOrders,
	})}
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

// Enter waits for one of the places, like fair.Gate, and returns the function that leaves it. Do is called by holders
// of a place: waiting is not part of an order's time. Errors: fair.ErrBusy, the context's.
func (p *Pool) Enter(ctx context.Context, caller fair.Caller) (leave func(), err error) {
	hold, err := p.gate.Enter(ctx, caller, 1)
	if err != nil {
		return nil, err
	}
	return hold.Leave, nil
}

// Isolation starts a worker, if none is ready, and returns the state of its isolation.
func (p *Pool) Isolation() (isolation.Report, error) {
	worker, err := p.take("")
	if err != nil {
		return nil, fmt.Errorf("starting a worker: %w", err)
	}
	p.keep(worker)
	return worker.isolation, nil
}

// Do has one order executed and decodes the answer into `answer`; both are JSON. The context bounds it. A worker that
// executed an order of the same topic before is preferred, because it may still have prepared data. `reply` answers its
// questions; nil allows none. Errors: ErrMemory, ErrCrowded, ErrEnded, the context's.
func (p *Pool) Do(ctx context.Context, topic string, order, answer any, reply Reply) error {
	worker, err := p.take(topic)
	if err != nil {
		return fmt.Errorf("starting a worker: %w", err)
	}
	if err := worker.carryOut(ctx, p.settings, order, answer, reply); err != nil {
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
	guard.Go(p.log, "starting a worker", func() {
		p.mutex.Lock()
		enough := len(p.idle) > 0
		p.mutex.Unlock()
		if enough {
			return
		}
		worker, err := start(p.settings)
		if err != nil {
			p.log.Warn("starting a worker process failed", "error", err)
			return
		}
		p.keep(worker)
	})
}

// keep keeps a worker ready for the next order, unless there are enough or this one has grown: memory of one order is
// not kept for the next one, and all ready workers together use little.
func (p *Pool) keep(worker *process) {
	idle := p.settings.IdleBytes
	if idle == 0 {
		idle = p.settings.MemoryBytes / 4
	}
	grown := residentBytes(worker.command.Process.Pid) > idle
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if !grown && len(p.idle) < p.settings.Parallel {
		p.idle = append(p.idle, worker)
		return
	}
	worker.kill()
}

// take returns an idle worker, the most suitable first, or a new one.
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
		return start(p.settings)
	}
	worker := p.idle[chosen]
	p.idle[chosen] = p.idle[last]
	p.idle = p.idle[:last]
	p.mutex.Unlock()
	return worker, nil
}
