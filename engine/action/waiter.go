package action

import (
	"fmt"
	"time"

	"helm.sh/helm/v4/pkg/kube"
)

// waiter is Helm's waiter; it says what it waited for when it fails.
type waiter struct {
	kube.Waiter

	strategy kube.WaitStrategy
	report   Reporter
}

// waitError says that the objects of a hook, or of the release, did not get where they should.
type waitError struct {
	hook    bool
	objects kube.ResourceList
	cause   error
}

// Error is Helm's text.
func (e *waitError) Error() string { return e.cause.Error() }

// Unwrap gives Helm's error.
func (e *waitError) Unwrap() error { return e.cause }

// WatchUntilReady waits for a hook.
func (w *waiter) WatchUntilReady(list kube.ResourceList, timeout time.Duration) (err error) {
	defer RecoverInto(&err)
	for _, info := range list {
		object := refOf(info)
		w.report(Progress{Phase: phaseHooks, Message: fmt.Sprintf("waiting for hook %s %s", object.Kind, object.Name), Object: &object})
	}
	return w.failed(true, list, w.Waiter.WatchUntilReady(list, timeout))
}

// Wait waits until the objects are ready; without a wait strategy it does nothing.
func (w *waiter) Wait(list kube.ResourceList, timeout time.Duration) (err error) {
	defer RecoverInto(&err)
	if w.strategy != kube.HookOnlyStrategy {
		w.report(Progress{Phase: phaseWait, Message: fmt.Sprintf("waiting for %d objects to be ready", len(list)), Total: len(list)})
	}
	return w.failed(false, list, w.Waiter.Wait(list, timeout))
}

// WaitForDelete waits until the objects are gone; without a wait strategy it does nothing.
func (w *waiter) WaitForDelete(list kube.ResourceList, timeout time.Duration) (err error) {
	defer RecoverInto(&err)
	if w.strategy != kube.HookOnlyStrategy {
		w.report(Progress{Phase: phaseDelete, Message: fmt.Sprintf("waiting for %d objects to be gone", len(list)), Total: len(list)})
	}
	return w.failed(false, list, w.Waiter.WaitForDelete(list, timeout))
}

func (w *waiter) failed(hook bool, list kube.ResourceList, err error) error {
	if err == nil {
		return nil
	}
	return &waitError{hook: hook, objects: list, cause: err}
}
