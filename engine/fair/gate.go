// Package fair shares scarce resources between callers, so that a caller with many requests gets a share and others do
// not wait for it.
package fair

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrBusy says that the resource was not available in time. The work was not started and may be retried.
var ErrBusy = errors.New("there is no room")

// Caller is the holder of a share: the user, "" for the engine's own identity, and the namespace of the work.
type Caller struct {
	User      string `json:"user"`
	Namespace string `json:"namespace"`
}

// Settings of a gate. Amounts are in whatever the gate counts: places, bytes.
type Settings struct {
	// Capacity is the total amount, Share what one user may hold of it at once, in all namespaces together.
	Capacity int64
	Share    int64
	// Patience is the maximum wait before ErrBusy, Waiting the maximum number of waiters of one user.
	Patience time.Duration
	Waiting  int
}

// Gate hands out amounts. Users take turns, and within a user namespaces do; a request that fits is not delayed by one
// that does not.
type Gate struct {
	settings Settings

	mutex sync.Mutex
	free  int64
	held  map[string]int64
	users line
}

// waiter is a waiting request; granted is closed, under the gate's mutex, when its amount is available.
type waiter struct {
	amount  int64
	granted chan struct{}
	given   bool
}

// NewGate creates a gate with nothing held.
func NewGate(settings Settings) *Gate {
	return &Gate{settings: settings, free: settings.Capacity, held: map[string]int64{}}
}

// Hold is an amount that is held.
type Hold struct {
	gate   *Gate
	user   string
	amount int64
}

// Leave releases the amount. It may be called more than once.
func (h *Hold) Leave() { h.Shrink(0) }

// Shrink releases everything above an amount. It never requests more.
func (h *Hold) Shrink(amount int64) {
	h.gate.mutex.Lock()
	defer h.gate.mutex.Unlock()
	if given := h.amount - max(0, amount); given > 0 {
		h.amount -= given
		h.gate.give(h.user, given)
	}
}

// Grow takes more at once, even beyond the limit, for callers that must not wait for others while they hold something.
// The gate admits no other call until the excess is returned.
func (h *Hold) Grow(amount int64) {
	h.gate.mutex.Lock()
	defer h.gate.mutex.Unlock()
	if amount = max(0, min(amount, h.gate.settings.Capacity)); amount > 0 {
		h.amount += amount
		h.gate.free -= amount
		h.gate.held[h.user] += amount
	}
}

// Enter waits for an amount. A request above a user's share counts as that share: it is granted when the user holds
// nothing else. Errors: ErrBusy, the context's cause.
func (g *Gate) Enter(ctx context.Context, caller Caller, amount int64) (*Hold, error) {
	waiting := &waiter{amount: max(0, min(amount, g.settings.Share, g.settings.Capacity)), granted: make(chan struct{})}
	g.mutex.Lock()
	namespaces := g.users.at(caller.User)
	if namespaces.count >= g.settings.Waiting {
		g.mutex.Unlock()
		return nil, ErrBusy
	}
	namespaces.add(caller.Namespace, waiting)
	g.serve()
	g.mutex.Unlock()

	patience := time.NewTimer(g.settings.Patience)
	defer patience.Stop()
	var err error
	select {
	case <-waiting.granted:
	case <-ctx.Done():
		err = context.Cause(ctx)
	case <-patience.C:
		err = ErrBusy
	}
	if err != nil && g.giveUp(caller, waiting) {
		return nil, err
	}
	return &Hold{gate: g, user: caller.User, amount: waiting.amount}, nil
}

// giveUp removes a waiter from the line; false if it had been served in the meantime.
func (g *Gate) giveUp(caller Caller, waiting *waiter) bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if waiting.given {
		return false
	}
	g.users.at(caller.User).remove(caller.Namespace, waiting)
	g.users.tidy(caller.User)
	return true
}

// give releases what a user held. The mutex is held.
func (g *Gate) give(user string, amount int64) {
	g.free += amount
	if g.held[user] -= amount; g.held[user] == 0 {
		delete(g.held, user)
	}
	g.serve()
}

// serve grants what is free to waiters, in turns, until no user's next request fits.
func (g *Gate) serve() {
	for passed := 0; passed < len(g.users.turns); {
		user := g.users.turns[0]
		g.users.rotate()
		waiting := g.users.at(user)
		next := waiting.first(func(one *waiter) bool {
			return one.amount <= g.free && g.held[user]+one.amount <= g.settings.Share
		})
		if next == nil {
			passed++
			g.users.tidy(user)
			continue
		}
		passed = 0
		g.free -= next.amount
		if next.amount > 0 {
			g.held[user] += next.amount
		}
		next.given = true
		close(next.granted)
		g.users.tidy(user)
	}
}
