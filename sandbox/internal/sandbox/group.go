package sandbox

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// stopLimit bounds how long parts are waited for: connections that clients keep open must not hold up the
// end of a sandbox.
const stopLimit = 5 * time.Second

// group runs parts that live and end together: the first that ends, with or without an error, ends all.
type group struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	parts  sync.WaitGroup
}

func newGroup(ctx context.Context) *group {
	ctx, cancel := context.WithCancelCause(ctx)
	return &group{ctx: ctx, cancel: cancel}
}

func (g *group) start(name string, run func(context.Context) error) {
	g.parts.Go(func() {
		err := run(g.ctx)
		switch {
		case g.ctx.Err() != nil:
		case err != nil:
			g.cancel(fmt.Errorf("%s failed: %w", name, err))
		default:
			g.cancel(fmt.Errorf("%s ended by itself", name))
		}
	})
}

// wait returns when all parts ended: nil when it was because the outer context ended.
func (g *group) wait() error {
	<-g.ctx.Done()
	done := make(chan struct{})
	go func() {
		g.parts.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(stopLimit):
	}
	if cause := context.Cause(g.ctx); cause != g.ctx.Err() {
		return cause
	}
	return nil
}

func (g *group) stop() error {
	g.cancel(nil)
	return g.wait()
}
