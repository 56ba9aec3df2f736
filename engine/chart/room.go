package chart

import (
	"context"
	"errors"
	"time"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

const (
	// roomBytes is the memory for all loaded charts, roomShare the part of one user: one chart of the largest size.
	roomBytes = 2 * roomShare
	roomShare = 104 * mebibyte
	// readingPlaces is how many archives are unpacked and parsed concurrently, readingShare how many of one user, so
	// that a user with costly archives leaves processors to others.
	readingPlaces = 2
	readingShare  = 1
	// patience is the maximum wait for memory, waitingLoads the maximum number of waiting loads of one user.
	patience     = 30 * time.Second
	waitingLoads = 100
	// retryAfterSec is when to try again.
	retryAfterSec = 10
)

// room is the memory for charts, and the places for reading them, shared fairly.
type room struct{ memory, places *fair.Gate }

func newRoom() *room {
	gate := func(capacity, share int64) *fair.Gate {
		return fair.NewGate(fair.Settings{Capacity: capacity, Share: share, Patience: patience, Waiting: waitingLoads})
	}
	return &room{gate(roomBytes, roomShare), gate(readingPlaces, readingShare)}
}

// within marks contexts of operations that already hold memory.
type within struct{}

// WithinRoom is for the second chart of an operation: an operation that holds memory and waits for more could wait for
// itself.
func WithinRoom(ctx context.Context) context.Context {
	return context.WithValue(ctx, within{}, true)
}

// enter waits for memory. Errors: ENGINE_BUSY, the context's.
func (r *room) enter(ctx context.Context, caller fair.Caller, bytes int64) (*fair.Hold, error) {
	return enter(ctx, r.memory, caller, bytes)
}

// read does CPU-bound work for a chart in one of the places, without waiting for anything else. Errors: ENGINE_BUSY,
// the context's, those of the work.
func (r *room) read(ctx context.Context, caller fair.Caller, work func() error) error {
	place, err := enter(ctx, r.places, caller, 1)
	if err != nil {
		return err
	}
	defer place.Leave()
	return work()
}

func enter(ctx context.Context, gate *fair.Gate, caller fair.Caller, amount int64) (*fair.Hold, error) {
	hold, err := gate.Enter(ctx, caller, amount)
	if errors.Is(err, fair.ErrBusy) {
		return nil, problem.New(problem.EngineBusy, "the chart waited longer than %d s for other charts to finish: try again later",
			int(patience/time.Second)).With("retryAfterSec", retryAfterSec).Because(err)
	}
	return hold, err
}

// enterUntilDone holds the memory until the context ends: the chart is used until then.
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
