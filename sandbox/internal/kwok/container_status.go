package kwok

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// imagePlaceholder in a message stands for the container's image.
const imagePlaceholder = "{image}"

// ended is how a container ended.
type ended struct {
	code   int32
	reason string
}

func running(pod *corev1.Pod, container corev1.Container, before corev1.ContainerStatus, ready bool, now time.Time) corev1.ContainerStatus {
	started := metav1.NewTime(now)
	if before.State.Running != nil {
		started = before.State.Running.StartedAt
	}
	return corev1.ContainerStatus{
		Name:                 container.Name,
		Image:                container.Image,
		ImageID:              fmt.Sprintf("sandbox://sha256:%x", sha256.Sum256([]byte(container.Image))),
		ContainerID:          containerID(pod, container.Name, before.RestartCount),
		Ready:                ready,
		Started:              new(true),
		RestartCount:         before.RestartCount,
		State:                corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: started}},
		LastTerminationState: before.LastTerminationState,
	}
}

func terminated(before corev1.ContainerStatus, end ended, now time.Time) corev1.ContainerState {
	started := metav1.NewTime(now)
	if before.State.Running != nil {
		started = before.State.Running.StartedAt
	}
	return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
		ExitCode: end.code, Reason: end.reason, StartedAt: started, FinishedAt: metav1.NewTime(now), ContainerID: before.ContainerID,
	}}
}

func notStarted(container corev1.Container, reason, message string) corev1.ContainerStatus {
	message = strings.ReplaceAll(message, imagePlaceholder, container.Image)
	return corev1.ContainerStatus{Name: container.Name, Image: container.Image, Started: new(false), State: waiting(reason, message)}
}

func waiting(reason, message string) corev1.ContainerState {
	return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}
}

func findStatus(statuses []corev1.ContainerStatus, name string) corev1.ContainerStatus {
	for _, status := range statuses {
		if status.Name == name {
			return status
		}
	}
	return corev1.ContainerStatus{Name: name}
}

func containerID(pod *corev1.Pod, container string, restarts int32) string {
	return fmt.Sprintf("sandbox://%x", sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d", pod.UID, container, restarts)))
}

func names(containers []corev1.Container) []string {
	all := make([]string, 0, len(containers))
	for _, container := range containers {
		all = append(all, container.Name)
	}
	return all
}
