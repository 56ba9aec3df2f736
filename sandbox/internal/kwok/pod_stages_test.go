package kwok

import (
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/walm/sandbox/internal/behaviour"
)

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

func TestADeletedPodEndsAndGoesWhateverItsState(t *testing.T) {
	for policy, phase := range map[corev1.RestartPolicy]corev1.PodPhase{
		corev1.RestartPolicyAlways: corev1.PodSucceeded, corev1.RestartPolicyNever: corev1.PodFailed,
	} {
		for _, kind := range append(slices.Clone(behaviour.Kinds), "") {
			l := newLife(t, policy, behaving(kind))
			l.play(1)
			l.pod.DeletionTimestamp = new(metav1.NewTime(l.now))
			l.pod.Annotations[behaviour.DeleteAfter] = "30s"
			if name, delay := l.step(); name != "stopped" || delay != 30*time.Second || l.pod.Status.Phase != phase {
				t.Errorf("%s: stage %q after %s, phase %s", kind, name, delay, l.pod.Status.Phase)
			}
			if end := l.container().State.Terminated; end == nil || (end.ExitCode == 0) != (phase == corev1.PodSucceeded) {
				t.Errorf("%s: its container ended with %+v", kind, end)
			}
			if expect(t, l.play(5), "deleted"); !l.deleted {
				t.Errorf("%s: it is still there", kind)
			}
		}
	}
}
