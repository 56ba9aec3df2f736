package kubelet

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/walm/sandbox/internal/behaviour"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func newPod(statuses ...corev1.ContainerStatus) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "web-0"},
		Spec:       corev1.PodSpec{NodeName: "sandbox-0", Containers: []corev1.Container{{Name: "web", Image: "nginx:1"}}},
		Status:     corev1.PodStatus{ContainerStatuses: statuses},
	}
}

func TestALogOnlyGrows(t *testing.T) {
	running := run{started: start}
	early := running.lines(newPod(), "web", start.Add(25*time.Second))
	late := running.lines(newPod(), "web", start.Add(95*time.Second))
	if len(early) != 3 || len(late) != 10 {
		t.Fatalf("%d lines after 25s and %d after 95s, want 3 and 10", len(early), len(late))
	}
	for i := range early {
		if early[i] != late[i] {
			t.Errorf("line %d changed from %q to %q", i, early[i].Text, late[i].Text)
		}
	}
	if !strings.Contains(early[0].Text, "nginx:1") {
		t.Errorf("the first line is %q", early[0].Text)
	}
}

func TestAnEndedRunSaysSoAndStops(t *testing.T) {
	pod := newPod()
	pod.Annotations = map[string]string{behaviour.Log: "first\nsecond\n"}
	lines := run{started: start, ended: start.Add(time.Second), code: 1}.lines(pod, "web", start.Add(time.Hour))
	if len(lines) != 4 || lines[0].Text != "first" || lines[1].Text != "second" || !strings.Contains(lines[3].Text, "exit code 1") {
		t.Errorf("lines are %v", lines)
	}
}

func TestTheRunIsFoundOrTheReasonIsTold(t *testing.T) {
	end := &corev1.ContainerStateTerminated{StartedAt: metav1.NewTime(start), FinishedAt: metav1.NewTime(start.Add(time.Second)), ExitCode: 1}
	waiting := corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ImagePullBackOff"}}
	for name, c := range map[string]struct {
		status   corev1.ContainerStatus
		previous bool
		want     string
	}{
		"running":      {corev1.ContainerStatus{Name: "web", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}, false, ""},
		"backing off":  {corev1.ContainerStatus{Name: "web", State: waiting, LastTerminationState: corev1.ContainerState{Terminated: end}}, false, ""},
		"previous":     {corev1.ContainerStatus{Name: "web", State: waiting, LastTerminationState: corev1.ContainerState{Terminated: end}}, true, ""},
		"no previous":  {corev1.ContainerStatus{Name: "web", State: waiting}, true, `previous terminated container "web" in pod "web-0" not found`},
		"cannot start": {corev1.ContainerStatus{Name: "web", State: waiting}, false, `container "web" in pod "web-0" is waiting to start: ImagePullBackOff`},
		"other name":   {corev1.ContainerStatus{Name: "sidecar"}, false, `container "web" in pod "web-0" is not available`},
	} {
		_, err := runOf(newPod(c.status), "web", c.previous)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
