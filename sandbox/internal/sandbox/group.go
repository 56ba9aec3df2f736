package sandbox

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// stopLimit is how long stop waits for the parts: connections that clients keep open must not delay the end of a
// sandbox.
const stopLimit = 5 * time.Second

// group runs parts that start and end together.
type group struct {
	ctx     context.Context
	cancel  context.CancelFunc
	failure chan error
	parts   sync.WaitGroup
}

// newGroup makes a group whose parts go on when the given context ends, until they are stopped.
func newGroup(ctx context.Context) *group {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	return &group{ctx: ctx, cancel: cancel, failure: make(chan error, 1)}
}

// start runs a part. If the part ends before the group is stopped, with or without an error, that is a failure.
func (g *group) start(name string, run func(context.Context) error) {
	g.parts.Go(func() {
		err := run(g.ctx)
		if g.ctx.Err() != nil {
			return
		}
		if err == nil {
			err = fmt.Errorf("%s ended by itself", name)
		} else {
			err = fmt.Errorf("%s failed: %w", name, err)
		}
		select {
		case g.failure <- err:
		default: // An earlier failure is being told already.
		}
	})
}

// wait returns the first failure, or nil when the context ends.
func (g *group) wait(ctx context.Context) error {
	select {
	case err := <-g.failure:
		return err
	case <-ctx.Done():
		return nil
	}
}

// stop ends all parts and waits for them, up to stopLimit.
func (g *group) stop() {
	g.cancel()
	done := make(chan struct{})
	go func() {
		g.parts.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(stopLimit):
	}
}
