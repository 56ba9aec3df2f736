package kwok

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
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
