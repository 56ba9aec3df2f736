//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"walm.io/walm/sandbox/internal/behaviour"
)

func checkMisbehaviour(t *testing.T, client kubernetes.Interface) {
	ctx := t.Context()
	for kind, shown := range map[behaviour.Kind]func(corev1.Pod) string{
		behaviour.ImagePullBackOff:  waitsFor("ImagePullBackOff"),
		behaviour.CrashLoop:         waitsFor("CrashLoopBackOff"),
		behaviour.ContainerCreating: waitsFor("ContainerCreating"),
		behaviour.Pending:           isUnschedulable,
		behaviour.SlowReady:         runsUnready,
	} {
		name := "bad-" + string(kind)
		annotations := map[string]string{behaviour.Annotation: string(kind), behaviour.ReadyAfter: "3s"}
		made, err := client.AppsV1().Deployments(namespace).Create(ctx, deployment(name, 1, annotations), metav1.CreateOptions{})
		created(t, made, err)
		eventually(t, func(ctx context.Context) string {
			pods, err := client.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{LabelSelector: "app=" + name})
			if err != nil || len(pods.Items) != 1 {
				return fmt.Sprintf("%s: %d pods (%v)", kind, len(pods.Items), err)
			}
			return shown(pods.Items[0])
		})
	}
	failing, err := client.BatchV1().Jobs(namespace).Create(ctx, job("bad-job", map[string]string{behaviour.Annotation: string(behaviour.Fail)}), metav1.CreateOptions{})
	created(t, failing, err)
	eventually(t, func(ctx context.Context) string {
		failing, err := client.BatchV1().Jobs(namespace).Get(ctx, "bad-job", metav1.GetOptions{})
		if err != nil || !has(failing, batchv1.JobFailed) {
			return fmt.Sprintf("job: %+v (%v)", failing.Status, err)
		}
		slow, err := client.AppsV1().Deployments(namespace).Get(ctx, "bad-slow-ready", metav1.GetOptions{})
		if err != nil || slow.Status.ReadyReplicas != 1 {
			return fmt.Sprintf("slow-ready does not become ready (%v)", err)
		}
		return ""
	})
	checkRecovery(t, client)
}

// checkRecovery removes the annotation from a template, as an upgrade of its chart would, and expects the
// deployment to become available.
func checkRecovery(t *testing.T, client kubernetes.Interface) {
	patch, err := json.Marshal(map[string]any{"spec": map[string]any{"template": map[string]any{
		"metadata": map[string]any{"annotations": map[string]any{behaviour.Annotation: nil, behaviour.ReadyAfter: nil}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	patched, err := client.AppsV1().Deployments(namespace).Patch(t.Context(), "bad-pending", types.MergePatchType, patch, metav1.PatchOptions{})
	created(t, patched, err)
	eventually(t, func(ctx context.Context) string {
		fixed, err := client.AppsV1().Deployments(namespace).Get(ctx, "bad-pending", metav1.GetOptions{})
		if err != nil || fixed.Status.AvailableReplicas != 1 || fixed.Status.UnavailableReplicas != 0 {
			return fmt.Sprintf("it is not repaired: %+v (%v)", fixed.Status, err)
		}
		return ""
	})
}

func waitsFor(reason string) func(corev1.Pod) string {
	return func(pod corev1.Pod) string {
		if len(pod.Status.ContainerStatuses) == 1 {
			if waiting := pod.Status.ContainerStatuses[0].State.Waiting; waiting != nil && waiting.Reason == reason {
				return ""
			}
		}
		return fmt.Sprintf("%s does not wait for %s: %+v", pod.Name, reason, pod.Status.ContainerStatuses)
	}
}

func isUnschedulable(pod corev1.Pod) string {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Reason == corev1.PodReasonUnschedulable {
			return ""
		}
	}
	return fmt.Sprintf("%s is not unschedulable: %+v", pod.Name, pod.Status.Conditions)
}

func runsUnready(pod corev1.Pod) string {
	if len(pod.Status.ContainerStatuses) == 1 && pod.Status.Phase == corev1.PodRunning && !pod.Status.ContainerStatuses[0].Ready {
		return ""
	}
	return fmt.Sprintf("%s is not running and unready: %+v", pod.Name, pod.Status)
}
