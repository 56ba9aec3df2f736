package record

import (
	"context"
	"sync"
)

// Gate bounds the bytes of records that are decoded concurrently, over all operations. A call that holds none waits for
// its turn; a call that already holds some is let through, because two that wait for each other would wait for ever,
// and what one call may hold has its own limit.
type Gate struct {
	mutex   sync.Mutex
	free    int64
	total   int64
	waiting []*turn
}

type turn struct {
	bytes int64
	ready chan struct{}
}

// NewGate allows this many bytes.
func NewGate(bytes int64) *Gate {
	return &Gate{free: bytes, total: bytes}
}

// lease is what one call holds of a gate, until its context ends.
type lease struct {
	gate  *Gate
	mutex sync.Mutex
	held  int64
	ended bool
}

// newLease starts a call that holds nothing yet.
func (g *Gate) newLease(ctx context.Context) *lease {
	made := &lease{gate: g}
	context.AfterFunc(ctx, made.end)
	return made
}

// take adds to what the call holds. Error: the context's, while it waits.
func (l *lease) take(ctx context.Context, bytes int64) error {
	l.mutex.Lock()
	holds := l.held > 0
	l.mutex.Unlock()
	bytes = min(bytes, l.gate.total)
	if err := l.gate.acquire(ctx, bytes, holds); err != nil {
		return err
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.ended {
		l.gate.release(bytes)
		return context.Cause(ctx)
	}
	l.held += bytes
	return nil
}

func (l *lease) end() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.ended = true
	l.gate.release(l.held)
	l.held = 0
}

func (g *Gate) acquire(ctx context.Context, bytes int64, atOnce bool) error {
	g.mutex.Lock()
	if atOnce || (len(g.waiting) == 0 && g.free >= bytes) {
		g.free -= bytes
		g.mutex.Unlock()
		return nil
	}
	mine := &turn{bytes: bytes, ready: make(chan struct{})}
	g.waiting = append(g.waiting, mine)
	g.mutex.Unlock()
	select {
	case <-mine.ready:
		return nil
	case <-ctx.Done():
		g.giveUp(mine)
		return context.Cause(ctx)
	}
}

// giveUp returns a turn, or what was granted at the same moment.
func (g *Gate) giveUp(mine *turn) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for index, other := range g.waiting {
		if other == mine {
			g.waiting = append(g.waiting[:index], g.waiting[index+1:]...)
			g.admit()
			return
		}
	}
	g.free += mine.bytes
	g.admit()
}

func (g *Gate) release(bytes int64) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.free += bytes
	g.admit()
}

// admit lets waiters in, first come first served.
func (g *Gate) admit() {
	for len(g.waiting) > 0 && g.free >= g.waiting[0].bytes {
		g.free -= g.waiting[0].bytes
		close(g.waiting[0].ready)
		g.waiting = g.waiting[1:]
	}
}
