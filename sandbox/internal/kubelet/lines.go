// Package kubelet answers for the nodes what the API server asks a kubelet: the logs of containers. The
// containers run nothing, so their logs are computed, and computed the same at every call.
package kubelet

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"walm.io/walm/sandbox/internal/behaviour"
)

// heartbeat is the time between two lines of a container that runs.
const heartbeat = 10 * time.Second

// Line is one line of a log.
type Line struct {
	At   time.Time
	Text string
}

// run is one life of a container, from its start to its end; while the container is running, the run has no end.
type run struct {
	started time.Time
	ended   time.Time
	code    int32
}

// lines returns what a container has logged up to a moment: first lines at its start, a heartbeat while it runs, a last
// line when it ended.
func (r run) lines(pod *corev1.Pod, container string, until time.Time) []Line {
	if !r.ended.IsZero() && r.ended.Before(until) {
		until = r.ended
	}
	lines := []Line{}
	say := func(at time.Time, text string) {
		if !at.After(until) {
			lines = append(lines, Line{At: at, Text: text})
		}
	}
	if text := pod.Annotations[behaviour.Log]; text != "" {
		for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
			say(r.started, line)
		}
	}
	say(r.started, fmt.Sprintf("container %s of pod %s/%s started on node %s (image %s; the sandbox runs nothing)",
		container, pod.Namespace, pod.Name, pod.Spec.NodeName, imageOf(pod, container)))
	for at := r.started.Add(heartbeat); !at.After(until); at = at.Add(heartbeat) {
		say(at, fmt.Sprintf("container %s has been running for %s", container, at.Sub(r.started)))
	}
	if !r.ended.IsZero() {
		say(r.ended, fmt.Sprintf("container %s ended with exit code %d", container, r.code))
	}
	return lines
}

func imageOf(pod *corev1.Pod, container string) string {
	for _, list := range [][]corev1.Container{pod.Spec.Containers, pod.Spec.InitContainers} {
		for _, candidate := range list {
			if candidate.Name == container {
				return candidate.Image
			}
		}
	}
	return "unknown"
}

// runOf finds the current or the previous run of a container. If there is none, the error says what a kubelet says,
// such as that the container is waiting to start and why.
func runOf(pod *corev1.Pod, container string, previous bool) (run, error) {
	status, found := statusOf(pod, container)
	if !found {
		return run{}, fmt.Errorf("container %q in pod %q is not available", container, pod.Name)
	}
	if previous {
		if end := status.LastTerminationState.Terminated; end != nil {
			return ended(end), nil
		}
		return run{}, fmt.Errorf("previous terminated container %q in pod %q not found", container, pod.Name)
	}
	switch {
	case status.State.Running != nil:
		return run{started: status.State.Running.StartedAt.Time}, nil
	case status.State.Terminated != nil:
		return ended(status.State.Terminated), nil
	case status.LastTerminationState.Terminated != nil:
		// Between two restarts a kubelet shows the last run.
		return ended(status.LastTerminationState.Terminated), nil
	case status.State.Waiting != nil:
		return run{}, fmt.Errorf("container %q in pod %q is waiting to start: %s", container, pod.Name, status.State.Waiting.Reason)
	default:
		return run{}, fmt.Errorf("container %q in pod %q is waiting to start", container, pod.Name)
	}
}

func statusOf(pod *corev1.Pod, container string) (corev1.ContainerStatus, bool) {
	for _, statuses := range [][]corev1.ContainerStatus{pod.Status.ContainerStatuses, pod.Status.InitContainerStatuses} {
		for _, status := range statuses {
			if status.Name == container {
				return status, true
			}
		}
	}
	return corev1.ContainerStatus{}, false
}

func ended(end *corev1.ContainerStateTerminated) run {
	return run{started: end.StartedAt.Time, ended: end.FinishedAt.Time, code: end.ExitCode}
}
