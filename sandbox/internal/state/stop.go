package state

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"
)

// Stop ends the process that holds the lock: it sends a signal, waits for the grace period, then kills. It returns
// whether there was a process to stop.
func (f Folder) Stop(ctx context.Context, name LockName, grace time.Duration) (bool, error) {
	pid, err := f.Holder(name)
	if err != nil || pid == 0 {
		return false, err
	}
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		// The holder is looked up again right before each signal, so that a pid that was reused meanwhile is spared.
		if pid, err = f.Holder(name); err != nil || pid == 0 {
			return true, err
		}
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return true, fmt.Errorf("process %d of state folder %s cannot be stopped: %w", pid, f, err)
		}
		gone, err := f.waitReleased(ctx, name, grace)
		if err != nil || gone {
			return true, err
		}
	}
	return true, fmt.Errorf("process %d of state folder %s does not end", pid, f)
}

func (f Folder) waitReleased(ctx context.Context, name LockName, limit time.Duration) (bool, error) {
	deadline := time.After(limit)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		pid, err := f.Holder(name)
		if err != nil || pid == 0 {
			return err == nil, err
		}
		select {
		case <-tick.C:
		case <-deadline:
			return false, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
