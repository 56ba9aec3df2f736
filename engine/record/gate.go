package record

import (
	"context"
	"errors"
	"sync"
	"time"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

const (
	// waitingCalls is how many calls of one user may wait for room: the server's own view of all releases is one of them.
	waitingCalls = 10_000
	// patience is longer than any call lives: its context ends the wait.
	patience = 24 * time.Hour
)

// Gate bounds the bytes of records that are held at the same time, over all operations, and what one user may hold of them:
// an operation holds what it has read until it ends, and may wait for a hook for as long as its caller likes. A call that
// holds none waits for its turn; a call that already holds some is let through, because two that wait for each other would
// wait forever, and what one call may hold has its own limit.
type Gate struct{ room *fair.Gate }

// NewGate allows so many bytes, and one user a share of them.
func NewGate(bytes, share int64) *Gate {
	return &Gate{fair.NewGate(fair.Settings{Capacity: bytes, Share: share, Patience: patience, Waiting: waitingCalls})}
}

// lease is what one call holds of a gate, until its context ends.
type lease struct {
	gate   *Gate
	caller fair.Caller
	mutex  sync.Mutex
	holds  []*fair.Hold
	ended  bool
}

// newLease begins a call that holds nothing yet.
func (g *Gate) newLease(ctx context.Context, caller fair.Caller) *lease {
	made := &lease{gate: g, caller: caller}
	context.AfterFunc(ctx, made.end)
	return made
}

// take adds to what the call holds. Errors: the context's, while it waits; ENGINE_BUSY where too many of the user wait.
func (l *lease) take(ctx context.Context, bytes int64) error {
	if l.grow(bytes) {
		return nil
	}
	hold, err := l.gate.room.Enter(ctx, l.caller, bytes)
	if errors.Is(err, fair.ErrBusy) {
		return problem.New(problem.EngineBusy, "too many reads of releases are waiting: try again later").Because(err)
	}
	if err != nil {
		return err
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.ended {
		hold.Leave()
		return context.Cause(ctx)
	}
	l.holds = append(l.holds, hold)
	return nil
}

// grow adds to what the call holds already; false where that is nothing.
func (l *lease) grow(bytes int64) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.ended || len(l.holds) == 0 {
		return false
	}
	l.holds[0].Grow(bytes)
	return true
}

func (l *lease) end() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.ended = true
	for _, hold := range l.holds {
		hold.Leave()
	}
	l.holds = nil
}
