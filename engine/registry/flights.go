package registry

import (
	"context"
	"sync"

	"walm.io/engine/guard"
)

// flights lets concurrent requests for the same index share one download and one parse.
type flights struct {
	mutex   sync.Mutex
	running map[indexKey]*flight
}

type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	index   cachedIndex
	err     error
}

func newFlights() *flights { return &flights{running: map[indexKey]*flight{}} }

// share returns the result of `fetch`, called once for all concurrent callers. It is cancelled when no caller waits any
// more.
func (f *flights) share(
	ctx context.Context, key indexKey, fetch func(context.Context) (cachedIndex, error),
) (cachedIndex, error) {
	f.mutex.Lock()
	joined := f.running[key]
	if joined == nil {
		joined = f.begin(ctx, key, fetch)
	}
	joined.waiting++
	f.mutex.Unlock()
	defer f.leave(key, joined)
	select {
	case <-joined.done:
		return joined.index, joined.err
	case <-ctx.Done():
		return cachedIndex{}, context.Cause(ctx)
	}
}

func (f *flights) begin(ctx context.Context, key indexKey, fetch func(context.Context) (cachedIndex, error)) *flight {
	shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
	started := &flight{done: make(chan struct{}), cancel: cancel}
	f.running[key] = started
	guard.Answer(func() (cachedIndex, error) { return fetch(shared) }, func(index cachedIndex, err error) {
		started.index, started.err = index, err
		f.forget(key, started)
		close(started.done)
	})
	return started
}

func (f *flights) leave(key indexKey, left *flight) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if left.waiting--; left.waiting == 0 {
		left.cancel()
		if f.running[key] == left {
			delete(f.running, key)
		}
	}
}

func (f *flights) forget(key indexKey, ended *flight) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.running[key] == ended {
		delete(f.running, key)
	}
}
