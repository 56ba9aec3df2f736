package cluster

import (
	"context"
	"fmt"
	"time"

	"helm.sh/helm/v4/pkg/kube"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/guard"
	"walm.io/engine/ownership"
	"walm.io/engine/progress"
)

// waiter is Helm's waiter; its errors say what it waited for.
type waiter struct {
	kube.Waiter

	kube     *Client
	ctx      context.Context
	strategy kube.WaitStrategy
	report   progress.Reporter
}

// waitError says that the objects of a hook, or of the release, did not reach the desired state.
type waitError struct {
	hook    bool
	objects kube.ResourceList
	cause   error
}

// Error is Helm's text.
func (e *waitError) Error() string { return e.cause.Error() }

// Unwrap returns Helm's error.
func (e *waitError) Unwrap() error { return e.cause }

// WatchUntilReady waits for a hook.
func (w *waiter) WatchUntilReady(list kube.ResourceList, timeout time.Duration) (err error) {
	defer w.kube.fails(&err)
	defer guard.Into(&err)
	for _, info := range list {
		object := RefOf(info)
		w.report(progress.Step{Phase: progress.PhaseHooks, Message: fmt.Sprintf("waiting for hook %s %s", object.Kind, object.Name), Object: &object})
	}
	passing := list.Filter(removesItself)
	if len(passing) == 0 {
		return w.failed(true, list, w.Waiter.WatchUntilReady(list, timeout))
	}
	if others := Minus(list, passing); len(others) > 0 {
		if err := w.Waiter.WatchUntilReady(others, timeout); err != nil {
			return w.failed(true, others, err)
		}
	}
	return w.failed(true, passing, w.kube.awaitPassing(passing, timeout))
}

// Wait waits until the objects are ready; without a wait strategy it does nothing.
func (w *waiter) Wait(list kube.ResourceList, timeout time.Duration) (err error) {
	defer w.kube.fails(&err)
	defer guard.Into(&err)
	if w.strategy != kube.HookOnlyStrategy {
		w.report(progress.Step{Phase: progress.PhaseWait, Message: fmt.Sprintf("waiting for %d objects to be ready", len(list)), Total: len(list)})
	}
	return w.failed(false, list, w.Waiter.Wait(list, timeout))
}

// WaitForDelete waits until the objects are gone; without a wait strategy it does nothing. Helm's own counts an object
// whose state it has not seen yet as gone, and so returns with the first event.
func (w *waiter) WaitForDelete(list kube.ResourceList, timeout time.Duration) (err error) {
	defer w.kube.fails(&err)
	defer guard.Into(&err)
	if w.strategy == kube.HookOnlyStrategy {
		return nil
	}
	list = w.kube.withoutLeft(list)
	w.report(progress.Step{Phase: progress.PhaseDelete, Message: fmt.Sprintf("waiting for %d objects to be gone", len(list)), Total: len(list)})
	limited, cancel := context.WithTimeout(w.ctx, timeout)
	defer cancel()
	remaining, first, err := w.kube.awaitDeletion(limited, list)
	if err != nil || len(remaining) == 0 {
		return err
	}
	hanging := remaining.Filter(func(info *resource.Info) bool { return RefOf(info) == first.Object })
	return w.failed(false, hanging, fmt.Errorf("%d objects are still there, %s %s among them, and %s: %w",
		len(remaining), first.Object.Kind, first.Object.Name, first.Why(), limited.Err()))
}

// awaitDeletion returns when the objects are gone, or returns those that are left when the context ends, with what holds
// the first of them. It reports which one that is, and how many are left, whenever that changes.
func (c *Client) awaitDeletion(ctx context.Context, list kube.ResourceList) (remaining kube.ResourceList, first ownership.Hanging, err error) {
	total, reported := len(list), ""
	remaining = list
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		if remaining, first, err = stillThere(remaining); err != nil || len(remaining) == 0 {
			return nil, first, err
		}
		object := first.Object
		message := fmt.Sprintf("waiting for %s %s to be gone: %s", object.Kind, object.Name, first.Why())
		if state := fmt.Sprint(message, len(remaining)); state != reported {
			reported = state
			c.host.Report(progress.Step{Phase: progress.PhaseDelete, Message: message, Object: &object, Done: total - len(remaining), Total: total})
		}
		select {
		case <-ctx.Done():
			return remaining, first, nil
		case <-time.After(pause):
		}
	}
}

// The delays between two reads of objects that are being deleted.
const (
	firstPause = 20 * time.Millisecond
	maxPause   = 500 * time.Millisecond
)

// stillThere returns the objects that exist, and what holds the first of them: one with finalizers, if there is one. A new
// object under the name of a deleted one counts as gone.
func stillThere(list kube.ResourceList) (remaining kube.ResourceList, first ownership.Hanging, err error) {
	for _, info := range list {
		live, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name)
		if apierrors.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, first, err
		}
		object, err := meta.Accessor(live)
		if err == nil && object.GetDeletionTimestamp() == nil {
			continue
		}
		remaining = append(remaining, info)
		found := ownership.Hanging{Object: RefOf(info)}
		if err == nil {
			found.Finalizers = object.GetFinalizers()
		}
		if len(remaining) == 1 || (len(first.Finalizers) == 0 && len(found.Finalizers) > 0) {
			first = found
		}
	}
	return remaining, first, nil
}

func (w *waiter) failed(hook bool, list kube.ResourceList, err error) error {
	if err == nil {
		return nil
	}
	return &waitError{hook: hook, objects: list, cause: err}
}
