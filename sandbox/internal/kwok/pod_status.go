package kwok

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/walm/sandbox/internal/behaviour"
)

// runningStatus is that of a pod all of whose containers run: init containers done, sidecars running,
// containers ready or not. Restart counts and earlier ends are kept.
func runningStatus(pod *corev1.Pod, at placement, ready bool, now time.Time) *corev1.PodStatus {
	status := startedStatus(pod, at, now)
	for _, container := range pod.Spec.Containers {
		before := findStatus(pod.Status.ContainerStatuses, container.Name)
		status.ContainerStatuses = append(status.ContainerStatuses, running(pod, container, before, ready, now))
	}
	setReady(pod, status, ready, now)
	return status
}

// completedStatus is that of a pod whose containers all ended with exit code 0.
func completedStatus(pod *corev1.Pod, now time.Time) *corev1.PodStatus {
	return endedStatus(pod, corev1.PodSucceeded, "PodCompleted", ended{code: 0, reason: "Completed"}, now)
}

// failedStatus is that of a pod whose containers all ended with exit code 1 and are not restarted.
func failedStatus(pod *corev1.Pod, now time.Time) *corev1.PodStatus {
	return endedStatus(pod, corev1.PodFailed, "PodFailed", ended{code: 1, reason: "Error"}, now)
}

// stoppedStatus is that of a deleted pod whose containers were stopped: those that would run forever ended well, work
// that was not done is not done.
func stoppedStatus(pod *corev1.Pod, now time.Time) *corev1.PodStatus {
	if pod.Spec.RestartPolicy == corev1.RestartPolicyAlways {
		return completedStatus(pod, now)
	}
	return endedStatus(pod, corev1.PodFailed, "PodFailed", ended{code: stoppedCode, reason: "Error"}, now)
}

// stoppedCode is the exit code of a process that ended by SIGTERM.
const stoppedCode = 143

// crashedStatus is that of a pod whose containers just ended with exit code 1 and will be restarted: at
// once after the first end, after a pause (CrashLoopBackOff) from then on.
func crashedStatus(pod *corev1.Pod, now time.Time) *corev1.PodStatus {
	status := &corev1.PodStatus{Phase: corev1.PodRunning}
	for _, container := range pod.Spec.Containers {
		before := findStatus(pod.Status.ContainerStatuses, container.Name)
		after := running(pod, container, before, false, now)
		after.LastTerminationState = terminated(before, ended{code: 1, reason: "Error"}, now)
		if before.RestartCount == 0 {
			after.RestartCount = 1
			after.ContainerID = containerID(pod, container.Name, 1)
		} else {
			after.Started = new(false)
			after.State = waiting("CrashLoopBackOff", fmt.Sprintf("back-off restarting failed container %s in pod %s_%s(%s)",
				container.Name, pod.Name, pod.Namespace, pod.UID))
		}
		status.ContainerStatuses = append(status.ContainerStatuses, after)
	}
	setReady(pod, status, false, now)
	return status
}

// restartedStatus is that of a pod whose containers start again after CrashLoopBackOff.
func restartedStatus(pod *corev1.Pod, now time.Time) *corev1.PodStatus {
	status := &corev1.PodStatus{Phase: corev1.PodRunning}
	for _, container := range pod.Spec.Containers {
		before := findStatus(pod.Status.ContainerStatuses, container.Name)
		before.RestartCount++
		status.ContainerStatuses = append(status.ContainerStatuses, running(pod, container, before, false, now))
	}
	setReady(pod, status, false, now)
	return status
}

// waitingStatus is that of a pod none of whose containers could start.
func waitingStatus(pod *corev1.Pod, at placement, reason, message string, now time.Time) *corev1.PodStatus {
	status := &corev1.PodStatus{Phase: corev1.PodPending, StartTime: startTime(pod, now)}
	status.HostIP, status.HostIPs = hostIPs(at)
	for _, container := range pod.Spec.InitContainers {
		status.InitContainerStatuses = append(status.InitContainerStatuses, notStarted(container, reason, message))
	}
	for _, container := range pod.Spec.Containers {
		status.ContainerStatuses = append(status.ContainerStatuses, notStarted(container, reason, message))
	}
	setReady(pod, status, false, now)
	if len(pod.Spec.InitContainers) > 0 {
		setCondition(pod, status, corev1.PodInitialized, corev1.ConditionFalse, "ContainersNotInitialized",
			"containers with incomplete status: ["+strings.Join(names(pod.Spec.InitContainers), " ")+"]", now)
	}
	return status
}

// unknownBehaviourStatus reports a misspelt annotation in the pod's status, where users look first.
func unknownBehaviourStatus(pod *corev1.Pod, at placement, now time.Time) *corev1.PodStatus {
	message := fmt.Sprintf("annotation %s: %q is not known; known are: %s",
		behaviour.Annotation, pod.Annotations[behaviour.Annotation], behaviour.Names())
	return waitingStatus(pod, at, "CreateContainerConfigError", message, now)
}

func startedStatus(pod *corev1.Pod, at placement, now time.Time) *corev1.PodStatus {
	status := &corev1.PodStatus{Phase: corev1.PodRunning, StartTime: startTime(pod, now)}
	status.HostIP, status.HostIPs = hostIPs(at)
	for _, ip := range at.PodIPs {
		status.PodIPs = append(status.PodIPs, corev1.PodIP{IP: ip})
	}
	if len(at.PodIPs) > 0 {
		status.PodIP = at.PodIPs[0]
	}
	for _, container := range pod.Spec.InitContainers {
		before := findStatus(pod.Status.InitContainerStatuses, container.Name)
		if container.RestartPolicy != nil && *container.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			status.InitContainerStatuses = append(status.InitContainerStatuses, running(pod, container, before, true, now))
			continue
		}
		done := running(pod, container, before, true, now)
		done.Started = new(false)
		done.State = terminated(before, ended{code: 0, reason: "Completed"}, now)
		status.InitContainerStatuses = append(status.InitContainerStatuses, done)
	}
	return status
}

func endedStatus(pod *corev1.Pod, phase corev1.PodPhase, reason string, end ended, now time.Time) *corev1.PodStatus {
	status := &corev1.PodStatus{Phase: phase}
	for _, container := range pod.Spec.Containers {
		before := findStatus(pod.Status.ContainerStatuses, container.Name)
		after := running(pod, container, before, false, now)
		after.Started = new(false)
		after.State = terminated(before, end, now)
		status.ContainerStatuses = append(status.ContainerStatuses, after)
	}
	// A sidecar is ended with its pod.
	for _, before := range pod.Status.InitContainerStatuses {
		if before.State.Running != nil {
			before.Ready, before.Started = false, new(false)
			before.State = terminated(before, ended{code: 0, reason: "Completed"}, now)
		}
		status.InitContainerStatuses = append(status.InitContainerStatuses, before)
	}
	setReady(pod, status, false, now)
	for i := range status.Conditions {
		if condition := &status.Conditions[i]; condition.Status == corev1.ConditionFalse {
			condition.Reason, condition.Message = reason, ""
		}
	}
	return status
}

func startTime(pod *corev1.Pod, now time.Time) *metav1.Time {
	if pod.Status.StartTime != nil {
		return pod.Status.StartTime
	}
	return new(metav1.NewTime(now))
}

func hostIPs(at placement) (string, []corev1.HostIP) {
	if len(at.HostIPs) == 0 {
		return "", nil
	}
	all := make([]corev1.HostIP, 0, len(at.HostIPs))
	for _, ip := range at.HostIPs {
		all = append(all, corev1.HostIP{IP: ip})
	}
	return at.HostIPs[0], all
}
