package kwok

import (
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// setReady sets the conditions that a kubelet owns. Readiness gates are met at once, because the controllers that would
// set them in a real cluster do not run here.
func setReady(pod *corev1.Pod, status *corev1.PodStatus, ready bool, now time.Time) {
	value, reason, message := corev1.ConditionTrue, "", ""
	if !ready {
		value, reason = corev1.ConditionFalse, "ContainersNotReady"
		message = "containers with unready status: [" + strings.Join(names(pod.Spec.Containers), " ") + "]"
	}
	started := corev1.ConditionTrue
	if status.Phase == corev1.PodPending {
		started = corev1.ConditionFalse
	}
	setCondition(pod, status, corev1.PodReadyToStartContainers, started, "", "", now)
	setCondition(pod, status, corev1.PodInitialized, corev1.ConditionTrue, "", "", now)
	setCondition(pod, status, corev1.ContainersReady, value, reason, message, now)
	setCondition(pod, status, corev1.PodReady, value, reason, message, now)
	for _, gate := range pod.Spec.ReadinessGates {
		setCondition(pod, status, gate.ConditionType, value, "", "", now)
	}
	status.ObservedGeneration = pod.Generation
}

// setCondition keeps the time of the last change when the condition does not change.
func setCondition(pod *corev1.Pod, status *corev1.PodStatus, kind corev1.PodConditionType, value corev1.ConditionStatus, reason, message string, now time.Time) {
	changed := metav1.NewTime(now)
	for _, before := range pod.Status.Conditions {
		if before.Type == kind && before.Status == value {
			changed = before.LastTransitionTime
		}
	}
	condition := corev1.PodCondition{
		Type: kind, Status: value, Reason: reason, Message: message,
		LastTransitionTime: changed, ObservedGeneration: pod.Generation,
	}
	for i := range status.Conditions {
		if status.Conditions[i].Type == kind {
			status.Conditions[i] = condition
			return
		}
	}
	status.Conditions = append(status.Conditions, condition)
}
