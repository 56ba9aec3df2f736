package sandbox

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func untilDone(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func TestThePartThatFailsIsNamed(t *testing.T) {
	parts := newGroup(context.Background())
	defer parts.stop()
	parts.start("steady", untilDone)
	parts.start("weak", func(context.Context) error { return errors.New("no disk") })
	if err := parts.wait(context.Background()); err == nil || err.Error() != "weak failed: no disk" {
		t.Errorf("it ended with %v", err)
	}
}

func TestAPartThatEndsByItselfIsAFailure(t *testing.T) {
	parts := newGroup(context.Background())
	parts.start("short", func(context.Context) error { return nil })
	if err := parts.wait(context.Background()); err == nil || !strings.Contains(err.Error(), "short ended by itself") {
		t.Errorf("it ended with %v", err)
	}
}

func TestAnInterruptIsNoFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	parts := newGroup(ctx)
	ended := make(chan struct{})
	parts.start("sore", func(ctx context.Context) error {
		defer close(ended)
		<-ctx.Done()
		return errors.New("connection lost")
	})
	cancel()
	if err := parts.wait(ctx); err != nil {
		t.Errorf("it ended with %v", err)
	}
	select {
	case <-ended:
		t.Error("a part ended before it was stopped")
	default:
	}
	parts.stop()
	select {
	case <-ended:
	default:
		t.Error("a stopped part runs on")
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, options := range []Options{{Nodes: 0}, {Nodes: 251}, {Nodes: 3, APIServerPort: 70000}, {Nodes: 3, EtcdPort: -1}} {
		if options.Validate() == nil {
			t.Errorf("%+v is accepted", options)
		}
	}
	if err := (Options{Nodes: 3}).Validate(); err != nil {
		t.Error(err)
	}
}
