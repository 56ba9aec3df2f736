package action

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	helmaction "helm.sh/helm/v4/pkg/action"
	release "helm.sh/helm/v4/pkg/release/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"

	"walm.io/engine/history"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/refusal"
)

// TestRequest asks to run the test hooks of a release.
type TestRequest struct {
	Target

	// TimeoutMs bounds each hook.
	TimeoutMs int64 `json:"timeoutMs"`
	// Filter names the hooks to run; all if it is empty.
	Filter []string `json:"filter,omitempty"`
}

// TestRun is the result of one test hook. Times are RFC 3339, "" if not reached.
type TestRun struct {
	Name        string `json:"name"`
	Kind        string `json:"kind"`
	Namespace   string `json:"namespace"`
	Phase       string `json:"phase"`
	StartedAt   string `json:"startedAt"`
	CompletedAt string `json:"completedAt"`
	// Message says why it failed.
	Message string `json:"message"`
	// Log is the output of the containers of its pods.
	Log string `json:"log"`
}

const (
	// logBytes is the maximum log of one container.
	logBytes = int64(256 << 10)
	// logTime bounds the reading of logs after the hooks.
	logTime = 30 * time.Second
)

// Test is `helm test --logs`: hooks run in the order of their weights, up to the first that fails, which is not an error
// here. Errors: RELEASE_NOT_FOUND, RELEASE_LOCKED, those of the cluster.
func (s *Services) Test(ctx context.Context, request TestRequest, report progress.Reporter) ([]TestRun, error) {
	op, err := s.begin(ctx, request.Target, report)
	if err != nil {
		return nil, s.beginProblem(request.Target, err)
	}
	runs, err := op.test(request)
	return runs, op.problemOf(err)
}

func (o *operation) test(request TestRequest) ([]TestRun, error) {
	newest, err := o.recorded(0)
	if err != nil {
		return nil, err
	}
	if newest == nil {
		return nil, o.notFound()
	}
	if err := o.checkUnlocked(newest); err != nil {
		return nil, err
	}
	run := helmaction.NewReleaseTesting(o.helm)
	run.Namespace = o.target.Namespace
	run.Timeout = time.Duration(request.TimeoutMs) * time.Millisecond
	_, run.WaitOptions = o.waiting(false)
	if len(request.Filter) > 0 {
		run.Filters[helmaction.IncludeNameFilter] = request.Filter
	}
	started := time.Now()
	record, cleanUp, failure := run.Run(o.target.Name)
	defer func() {
		if cleanUp != nil {
			_ = cleanUp()
		}
	}()
	tested, err := history.ToRelease(record)
	if err != nil {
		return nil, errors.Join(failure, err)
	}
	runs := o.testRuns(tested, started, failure)
	failed := slices.ContainsFunc(runs, func(run TestRun) bool { return run.Phase == release.HookPhaseFailed.String() })
	if failure != nil && (!failed || o.ctx.Err() != nil) {
		return nil, failure
	}
	return runs, nil
}

// testRuns returns the results of the hooks that ran since `started`.
func (o *operation) testRuns(tested *release.Release, started time.Time, failure error) []TestRun {
	hooks := slices.DeleteFunc(slices.Clone(tested.Hooks), func(hook *release.Hook) bool {
		return !slices.Contains(hook.Events, release.HookTest) || hook.LastRun.StartedAt.Before(started)
	})
	slices.SortStableFunc(hooks, func(a, b *release.Hook) int {
		return cmp.Or(cmp.Compare(a.Weight, b.Weight), cmp.Compare(a.Name, b.Name))
	})
	limited, cancel := context.WithTimeout(o.ctx, logTime)
	defer cancel()
	runs := []TestRun{}
	for _, hook := range hooks {
		run := TestRun{
			Name:        hook.Name,
			Kind:        hook.Kind,
			Namespace:   o.target.Namespace,
			Phase:       hook.LastRun.Phase.String(),
			StartedAt:   rfc3339(hook.LastRun.StartedAt),
			CompletedAt: rfc3339(hook.LastRun.CompletedAt),
		}
		if object, err := manifest.ParseObject(hook.Manifest); err == nil && manifest.TextAt(object, "metadata", "namespace") != "" {
			run.Namespace = manifest.TextAt(object, "metadata", "namespace")
		}
		if hook.LastRun.Phase == release.HookPhaseFailed && failure != nil {
			run.Message = failure.Error()
		}
		run.Log = o.hookLog(limited, hook, run.Namespace)
		runs = append(runs, run)
	}
	return runs
}

// hookLog reads the logs of the pods of a hook; a log that cannot be read says so itself.
func (o *operation) hookLog(ctx context.Context, hook *release.Hook, namespace string) string {
	core, err := o.session.Core()
	if err != nil {
		return unreadableLog(hook.Name, err)
	}
	pods := core.Pods(namespace)
	found := []corev1.Pod{}
	switch hook.Kind {
	case "Pod":
		pod, err := pods.Get(ctx, hook.Name, metav1.GetOptions{})
		if err != nil {
			return unreadableLog(hook.Name, err)
		}
		found = append(found, *pod)
	case "Job":
		list, err := pods.List(ctx, metav1.ListOptions{LabelSelector: "batch.kubernetes.io/job-name=" + hook.Name})
		if err != nil {
			return unreadableLog(hook.Name, err)
		}
		found = append(found, list.Items...)
	}
	var log strings.Builder
	for _, pod := range found {
		for _, container := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
			log.WriteString(containerLog(ctx, pods, pod.Name, container.Name))
		}
	}
	return log.String()
}

func containerLog(ctx context.Context, pods typedcorev1.PodInterface, pod, container string) string {
	lines := int64(5000)
	stream, err := pods.GetLogs(pod, &corev1.PodLogOptions{Container: container, TailLines: &lines}).Stream(ctx)
	if err != nil {
		return unreadableLog(pod+"/"+container, err)
	}
	defer stream.Close()
	text, err := io.ReadAll(io.LimitReader(stream, 16*logBytes))
	if err != nil {
		return unreadableLog(pod+"/"+container, err)
	}
	if excess := int64(len(text)) - logBytes; excess > 0 {
		text = text[excess:]
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

func unreadableLog(of string, err error) string {
	if known := refusal.OfCluster(err); known != nil && known.Code == problem.Forbidden {
		return fmt.Sprintf("(the log of %s may not be read: %s)\n", of, known.Message)
	}
	return fmt.Sprintf("(the log of %s cannot be read: %s)\n", of, err)
}
