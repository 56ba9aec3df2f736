package chart

import (
	"context"
	"errors"
	"time"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

const (
	// roomBytes is what all charts that are loaded may take in memory, roomShare what those of one user may.
	roomBytes = 256 * mebibyte
	roomShare = roomBytes / 2
	// patience is how long one waits for room, waitingLoads how many loads of one user may wait.
	patience     = 30 * time.Second
	waitingLoads = 100
	// retryAfterSec is when to ask again.
	retryAfterSec = 10
)

// room is the memory for charts, shared fairly.
type room struct{ gate *fair.Gate }

func newRoom() *room {
	return &room{fair.NewGate(fair.Settings{Capacity: roomBytes, Share: roomShare, Patience: patience, Waiting: waitingLoads})}
}

// within marks contexts of operations that have room already.
type within struct{}

// WithinRoom is for the second chart of an operation: one that has room and waits for more could wait for itself.
func WithinRoom(ctx context.Context) context.Context {
	return context.WithValue(ctx, within{}, true)
}

// enter waits for room. Errors: ENGINE_BUSY, the context's.
func (r *room) enter(ctx context.Context, caller fair.Caller, bytes int64) (*fair.Hold, error) {
	hold, err := r.gate.Enter(ctx, caller, bytes)
	if errors.Is(err, fair.ErrBusy) {
		return nil, problem.New(problem.EngineBusy, "the chart had to wait longer than %d s for others to be done: try again later",
			int(patience/time.Second)).With("retryAfterSec", retryAfterSec).Because(err)
	}
	return hold, err
}

// enterUntilDone holds the room until the context ends: what was loaded is used until then.
func (r *room) enterUntilDone(ctx context.Context, caller fair.Caller, bytes int64) (*fair.Hold, error) {
	if ctx.Value(within{}) != nil {
		bytes = 0
	}
	hold, err := r.enter(ctx, caller, bytes)
	if err == nil {
		context.AfterFunc(ctx, hold.Leave)
	}
	return hold, err
}
