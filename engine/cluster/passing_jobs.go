package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"helm.sh/helm/v4/pkg/kube"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/cli-runtime/pkg/resource"
	"k8s.io/client-go/dynamic"

	"walm.io/engine/problem"
)

// hookOutcomeUnknown is the code of the warning about a hook that was gone before its end was seen.
const hookOutcomeUnknown = "HOOK_OUTCOME_UNKNOWN"

// passingJob is a Job of a hook that the cluster deletes once it is done, possibly before anybody has looked. Helm waits for
// such a one in vain; this one is watched from the very write that made it, so that nothing of its life is missed.
type passingJob struct {
	kube    *Client
	info    *resource.Info
	jobs    dynamic.ResourceInterface
	uid     types.UID
	version string
}

// awaitPassing waits for Jobs that remove themselves. Error: what failed, or that the time is over.
func (c *Client) awaitPassing(list kube.ResourceList, timeout time.Duration) error {
	if timeout == 0 {
		timeout = kube.DefaultStatusWatcherTimeout
	}
	limited, cancel := context.WithTimeout(c.host.Context, timeout)
	defer cancel()
	objects, err := c.host.Session.DynamicClient()
	if err != nil {
		return err
	}
	failures := []error{}
	for _, info := range list {
		made, ok := info.Object.(*unstructured.Unstructured)
		if !ok {
			return fmt.Errorf("job %s has an unknown form", info.Name)
		}
		job := passingJob{
			kube: c, info: info, jobs: objects.Resource(info.Mapping.Resource).Namespace(info.Namespace),
			uid: made.GetUID(), version: made.GetResourceVersion(),
		}
		if err := job.await(limited); err != nil {
			failures = append(failures, fmt.Errorf("resource Job/%s/%s not ready: %w", info.Namespace, info.Name, err))
		}
	}
	return errors.Join(failures...)
}

// await follows the Job until it is done or gone.
func (j *passingJob) await(ctx context.Context) error {
	for {
		ended, err := j.follow(ctx)
		if ended || err != nil {
			return err
		}
		// The watch ended, or began too late: what is there now says the rest.
		live, err := j.jobs.Get(ctx, j.info.Name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) || (err == nil && live.GetUID() != j.uid) {
			return j.recalled(ctx)
		}
		if err != nil {
			return err
		}
		if ended, err := outcomeOf(live, false); ended {
			return err
		}
		j.version = live.GetResourceVersion()
	}
}

// follow returns whether the Job ended, and its failure; neither if the watch ended before.
func (j *passingJob) follow(ctx context.Context) (ended bool, err error) {
	events, err := j.jobs.Watch(ctx, metav1.ListOptions{
		ResourceVersion: j.version, FieldSelector: fields.OneTermEqualSelector("metadata.name", j.info.Name).String(),
	})
	if apierrors.IsResourceExpired(err) || apierrors.IsGone(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer events.Stop()
	for {
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case event, open := <-events.ResultChan():
			job, isJob := event.Object.(*unstructured.Unstructured)
			if !open || !isJob || event.Type == watch.Error {
				return false, ctx.Err()
			}
			if job.GetUID() != j.uid {
				continue
			}
			gone := event.Type == watch.Deleted
			if ended, err := outcomeOf(job, gone); ended {
				return true, err
			}
			if gone {
				return false, errors.New("it was deleted before it had finished")
			}
			j.version = job.GetResourceVersion()
		}
	}
}

// outcomeOf tells whether a Job has ended, and why it failed. Of one that is gone it counts, too, what was decided while its
// pods were still ending.
func outcomeOf(job *unstructured.Unstructured, gone bool) (ended bool, failure error) {
	conditions, _, _ := unstructured.NestedSlice(job.Object, "status", "conditions")
	for _, one := range conditions {
		condition, _ := one.(map[string]any)
		kind, _ := condition["type"].(string)
		if condition["status"] != "True" {
			continue
		}
		switch {
		case kind == "Complete", gone && kind == "SuccessCriteriaMet":
			return true, nil
		case kind == "Failed", gone && kind == "FailureTarget":
			return true, fmt.Errorf("job failed: %v %v", condition["reason"], condition["message"])
		}
	}
	return false, nil
}

// failureReasons are the reasons of events by which the cluster tells that a Job failed.
var failureReasons = map[string]bool{
	"BackoffLimitExceeded": true, "DeadlineExceeded": true, "PodFailurePolicy": true, "FailedIndexes": true, "MaxFailedIndexesExceeded": true,
}

// recalled is the outcome of a Job that is gone, as its events tell it. Without any it counts as done: the cluster removes
// no Job before its end.
func (j *passingJob) recalled(ctx context.Context) error {
	core, err := j.kube.host.Session.Core()
	if err != nil {
		return err
	}
	selector := fields.OneTermEqualSelector("involvedObject.uid", string(j.uid)).String()
	if events, err := core.Events(j.info.Namespace).List(ctx, metav1.ListOptions{FieldSelector: selector}); err == nil {
		for _, event := range events.Items {
			switch {
			case event.Reason == "Completed":
				return nil
			case failureReasons[event.Reason]:
				return fmt.Errorf("job failed and removed itself: %s %s", event.Reason, event.Message)
			}
		}
	}
	object := RefOf(j.info)
	j.kube.host.Warn(problem.Warning{
		Code: hookOutcomeUnknown, Object: &object,
		Message: fmt.Sprintf("Job %s removed itself before its end was seen, and no event tells how it ended: it counts as done", object.Name),
	})
	return nil
}
