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
	return w.failed(true, list, w.Waiter.WatchUntilReady(list, timeout))
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
	remaining, err := awaitDeletion(limited, list)
	if err != nil || len(remaining) == 0 {
		return err
	}
	object := RefOf(remaining[0])
	return w.failed(false, remaining, fmt.Errorf("%d objects are still there, %s %s among them%s: %w",
		len(remaining), object.Kind, object.Name, whyHanging(remaining[0]), limited.Err()))
}

// whyHanging says what keeps an object that is being deleted; "" if that is unknown.
func whyHanging(info *resource.Info) string {
	live, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name)
	if err != nil {
		return ""
	}
	object, err := meta.Accessor(live)
	if err != nil || object.GetDeletionTimestamp() == nil {
		return ""
	}
	return ", and " + ownership.Hanging{Finalizers: object.GetFinalizers()}.Why()
}

// awaitDeletion returns when the objects are gone, or returns those that are left when the context ends.
func awaitDeletion(ctx context.Context, list kube.ResourceList) (remaining kube.ResourceList, err error) {
	remaining = list
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		if remaining, err = stillThere(remaining); err != nil || len(remaining) == 0 {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return remaining, nil
		case <-time.After(pause):
		}
	}
}

// The delays between two reads of objects that are being deleted.
const (
	firstPause = 20 * time.Millisecond
	maxPause   = 500 * time.Millisecond
)

// stillThere returns the objects that exist. A new object under the name of a deleted one counts as gone.
func stillThere(list kube.ResourceList) (kube.ResourceList, error) {
	remaining := kube.ResourceList{}
	for _, info := range list {
		live, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name)
		if apierrors.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		object, err := meta.Accessor(live)
		if err != nil || object.GetDeletionTimestamp() != nil {
			remaining = append(remaining, info)
		}
	}
	return remaining, nil
}

func (w *waiter) failed(hook bool, list kube.ResourceList, err error) error {
	if err == nil {
		return nil
	}
	return &waitError{hook: hook, objects: list, cause: err}
}
