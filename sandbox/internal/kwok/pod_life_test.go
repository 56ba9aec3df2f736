package kwok

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/kwok/pkg/apis/internalversion"
	"sigs.k8s.io/kwok/pkg/utils/gotpl"
	"sigs.k8s.io/kwok/pkg/utils/lifecycle"

	"walm.io/walm/sandbox/internal/behaviour"
)

// life plays the stages on a pod as kwok does, without a cluster and without waiting.
type life struct {
	t        *testing.T
	stages   lifecycle.Lifecycle
	renderer gotpl.Renderer
	pod      *corev1.Pod
	now      time.Time
	deleted  bool
}

func newLife(t *testing.T, policy corev1.RestartPolicy, annotations map[string]string) *life {
	t.Helper()
	built := []*internalversion.Stage{}
	for _, stage := range podStages() {
		built = append(built, stage.build(podRef))
	}
	stages, err := lifecycle.NewLifecycle(built)
	if err != nil {
		t.Fatal(err)
	}
	l := &life{t: t, stages: stages, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	functions := templateFunctions(func() time.Time { return l.now }, 10250)
	maps.Copy(functions, gotpl.FuncMap{
		"NodeIPsWith": func(string) []string { return []string{"10.64.0.1"} },
		"PodIPsWith":  func(_ string, _ bool, _, _, _ string) []string { return []string{"10.244.0.7"} },
	})
	l.renderer = gotpl.NewRenderer(functions)
	l.pod = &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "web-0", UID: "u-1", Generation: 2, Annotations: annotations},
		Spec: corev1.PodSpec{
			NodeName: "sandbox-0", RestartPolicy: policy,
			InitContainers: []corev1.Container{
				{Name: "init", Image: "busybox"},
				{Name: "proxy", Image: "envoy", RestartPolicy: new(corev1.ContainerRestartPolicyAlways)},
			},
			Containers: []corev1.Container{{Name: "web", Image: "nginx:1"}},
		},
		Status: corev1.PodStatus{Phase: corev1.PodPending},
	}
	return l
}

// step plays the stage that matches and returns its name and delay; the name is empty when the pod has
// come to rest. More than one match is an error: kwok would choose by chance.
func (l *life) step() (string, time.Duration) {
	l.t.Helper()
	ctx := context.Background()
	event := &lifecycle.Event{Annotations: l.pod.Annotations, Labels: l.pod.Labels, Data: l.pod}
	matching, err := l.stages.ListAllPossible(ctx, event)
	if err != nil {
		l.t.Fatal(err)
	}
	if len(matching) == 0 || l.deleted {
		return "", 0
	}
	if len(matching) > 1 {
		l.t.Fatalf("stages %s and %s match at once", matching[0].Name(), matching[1].Name())
	}
	stage := matching[0]
	delay, _, err := stage.Delay(ctx, event, l.now)
	if err != nil {
		l.t.Fatal(err)
	}
	l.now = l.now.Add(delay)
	_, err = stage.DoSteps(0, nil, l.pod, l.renderer,
		func(*internalversion.StageEvent) error { return nil },
		func() error { l.deleted = true; return nil },
		func(patch *lifecycle.Patch) error { return l.patch(patch.Data) },
		func(*lifecycle.Apply) error { return nil })
	if err != nil {
		l.t.Fatal(err)
	}
	return stage.Name(), delay
}

func (l *life) patch(patch []byte) error {
	before, err := json.Marshal(l.pod)
	if err != nil {
		return err
	}
	after, err := strategicpatch.StrategicMergePatch(before, patch, corev1.Pod{})
	if err != nil {
		return err
	}
	l.pod = &corev1.Pod{}
	return json.Unmarshal(after, l.pod)
}

// play returns the names of up to limit stages.
func (l *life) play(limit int) []string {
	l.t.Helper()
	names := []string{}
	for range limit {
		name, _ := l.step()
		if name == "" {
			break
		}
		names = append(names, name)
	}
	return names
}

func (l *life) condition(kind corev1.PodConditionType) corev1.ConditionStatus {
	for _, condition := range l.pod.Status.Conditions {
		if condition.Type == kind {
			return condition.Status
		}
	}
	return ""
}

func (l *life) container() corev1.ContainerStatus {
	l.t.Helper()
	if len(l.pod.Status.ContainerStatuses) != 1 {
		l.t.Fatalf("there are %d container statuses", len(l.pod.Status.ContainerStatuses))
	}
	return l.pod.Status.ContainerStatuses[0]
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("stages are %v, want %v", got, want)
	}
}

func behaving(kind behaviour.Kind) map[string]string {
	return map[string]string{behaviour.Annotation: string(kind)}
}

func TestAHealthyPodBecomesReadyAtOnceAndStays(t *testing.T) {
	l := newLife(t, corev1.RestartPolicyAlways, nil)
	expect(t, l.play(5), "ready")
	status := l.pod.Status
	if status.Phase != corev1.PodRunning || l.condition(corev1.PodReady) != corev1.ConditionTrue || !l.container().Ready {
		t.Errorf("status is %+v", status)
	}
	if status.PodIP != "10.244.0.7" || status.HostIP != "10.64.0.1" || status.ObservedGeneration != 2 || status.StartTime == nil {
		t.Errorf("addresses %q and %q, generation %d, start %v", status.PodIP, status.HostIP, status.ObservedGeneration, status.StartTime)
	}
	init, sidecar := status.InitContainerStatuses[0], status.InitContainerStatuses[1]
	if init.State.Terminated == nil || init.State.Terminated.Reason != "Completed" {
		t.Errorf("the init container is %+v", init.State)
	}
	if sidecar.State.Running == nil || !sidecar.Ready {
		t.Errorf("the sidecar is %+v", sidecar.State)
	}
}

func TestAPodThatIsNotRestartedCompletes(t *testing.T) {
	for _, policy := range []corev1.RestartPolicy{corev1.RestartPolicyNever, corev1.RestartPolicyOnFailure} {
		l := newLife(t, policy, map[string]string{behaviour.CompleteAfter: "1m"})
		started := l.now
		expect(t, l.play(5), "ready", "completed")
		if got := l.now.Sub(started); got != time.Minute {
			t.Errorf("%s: it ran for %s", policy, got)
		}
		end := l.container().State.Terminated
		if l.pod.Status.Phase != corev1.PodSucceeded || end == nil || end.ExitCode != 0 || l.condition(corev1.PodReady) != corev1.ConditionFalse {
			t.Errorf("%s: status is %+v", policy, l.pod.Status)
		}
		if sidecar := l.pod.Status.InitContainerStatuses[1]; sidecar.State.Terminated == nil {
			t.Errorf("%s: the sidecar runs on", policy)
		}
	}
}

func TestReadinessComesLate(t *testing.T) {
	for name, c := range map[string]struct {
		annotations map[string]string
		want        time.Duration
	}{
		"slow-ready":    {behaving(behaviour.SlowReady), 10 * time.Second},
		"ready-after":   {map[string]string{behaviour.ReadyAfter: "3s"}, 3 * time.Second},
		"not a time":    {map[string]string{behaviour.ReadyAfter: "soon"}, 10 * time.Second},
		"both together": {map[string]string{behaviour.Annotation: string(behaviour.SlowReady), behaviour.ReadyAfter: "25s"}, 25 * time.Second},
	} {
		l := newLife(t, corev1.RestartPolicyAlways, c.annotations)
		expect(t, l.play(1), "started")
		if l.pod.Status.Phase != corev1.PodRunning || l.condition(corev1.PodReady) != corev1.ConditionFalse || l.container().Ready {
			t.Errorf("%s: status is %+v", name, l.pod.Status)
		}
		stage, delay := l.step()
		if stage != "ready-after" || delay != c.want || l.condition(corev1.PodReady) != corev1.ConditionTrue {
			t.Errorf("%s: stage %s after %s, want %s", name, stage, delay, c.want)
		}
		expect(t, l.play(1))
	}
}

func TestAnImageThatCannotBePulled(t *testing.T) {
	l := newLife(t, corev1.RestartPolicyAlways, behaving(behaviour.ImagePullBackOff))
	expect(t, l.play(5), "image-pull-error", "image-pull-back-off")
	waiting := l.container().State.Waiting
	if l.pod.Status.Phase != corev1.PodPending || waiting == nil || waiting.Reason != "ImagePullBackOff" || !strings.Contains(waiting.Message, `"nginx:1"`) {
		t.Errorf("it waits for %+v", waiting)
	}
	if l.condition(corev1.PodReady) != corev1.ConditionFalse {
		t.Errorf("conditions are %+v", l.pod.Status.Conditions)
	}
}

func TestACrashLoopCountsRestartsAndPausesLonger(t *testing.T) {
	l := newLife(t, corev1.RestartPolicyAlways, behaving(behaviour.CrashLoop))
	expect(t, l.play(3), "crash-start", "crash", "crash")
	var pauses []time.Duration
	for restarts := int32(1); restarts <= 7; restarts++ {
		container := l.container()
		if container.RestartCount != restarts || container.State.Waiting == nil || container.State.Waiting.Reason != "CrashLoopBackOff" {
			t.Fatalf("after %d restarts it is %+v", restarts, container)
		}
		if end := container.LastTerminationState.Terminated; end == nil || end.ExitCode != 1 {
			t.Fatalf("its last end is %+v", end)
		}
		name, pause := l.step()
		if name != "crash-restart" {
			t.Fatalf("stage %q follows CrashLoopBackOff", name)
		}
		pauses = append(pauses, pause)
		expect(t, l.play(1), "crash")
	}
	if pauses[0] != 2*time.Second || pauses[1] != 4*time.Second || pauses[6] != time.Minute {
		t.Errorf("pauses are %v", pauses)
	}
}

func TestAFailingPodThatIsNotRestartedFails(t *testing.T) {
	l := newLife(t, corev1.RestartPolicyNever, behaving(behaviour.Fail))
	expect(t, l.play(5), "crash-start", "failed")
	end := l.container().State.Terminated
	if l.pod.Status.Phase != corev1.PodFailed || end == nil || end.ExitCode != 1 || end.Reason != "Error" {
		t.Errorf("status is %+v", l.pod.Status)
	}
}

func TestAPodThatWaitsForItsVolume(t *testing.T) {
	l := newLife(t, corev1.RestartPolicyAlways, behaving(behaviour.ContainerCreating))
	expect(t, l.play(5), "container-creating")
	if waiting := l.container().State.Waiting; waiting == nil || waiting.Reason != "ContainerCreating" {
		t.Errorf("it waits for %+v", waiting)
	}
}

func TestAMisspeltBehaviourIsTold(t *testing.T) {
	l := newLife(t, corev1.RestartPolicyAlways, behaving("crsh-loop"))
	expect(t, l.play(5), "unknown-behaviour")
	waiting := l.container().State.Waiting
	if waiting == nil || !strings.Contains(waiting.Message, `"crsh-loop" is not known`) || !strings.Contains(waiting.Message, "crash-loop") {
		t.Errorf("it says %+v", waiting)
	}
}

func TestAPodRecoversWhenTheAnnotationGoes(t *testing.T) {
	for _, kind := range []behaviour.Kind{behaviour.ImagePullBackOff, behaviour.CrashLoop, behaviour.ContainerCreating} {
		l := newLife(t, corev1.RestartPolicyAlways, behaving(kind))
		l.play(2)
		l.pod.Annotations = nil
		expect(t, l.play(5), "ready")
		if l.condition(corev1.PodReady) != corev1.ConditionTrue {
			t.Errorf("%s: conditions are %+v", kind, l.pod.Status.Conditions)
		}
	}
}

func TestADeletedPodGoesWhateverItsState(t *testing.T) {
	for _, kind := range append(slices.Clone(behaviour.Kinds), "") {
		l := newLife(t, corev1.RestartPolicyAlways, behaving(kind))
		l.play(2)
		l.pod.DeletionTimestamp = new(metav1.NewTime(l.now))
		l.pod.Annotations[behaviour.DeleteAfter] = "30s"
		if name, delay := l.step(); name != "deleted" || delay != 30*time.Second || !l.deleted {
			t.Errorf("%s: stage %q after %s", kind, name, delay)
		}
	}
}
