//go:build e2e

package e2e

import (
	"context"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"walm.io/walm/sandbox/internal/behaviour"
)

// checkEphemeralVolume deletes a pod in the foreground while it uses a claim of its own: the pod waits for the claim,
// which is kept as long as a pod uses it.
func checkEphemeralVolume(t *testing.T, client kubernetes.Interface) {
	ctx := t.Context()
	pods := client.CoreV1().Pods(namespace)
	pod := &corev1.Pod{ObjectMeta: named("scratching"), Spec: template("scratching", nil).Spec}
	// So that its claim is looked at while it still runs.
	pod.Annotations = map[string]string{behaviour.DeleteAfter: "1s"}
	pod.Spec.Volumes = []corev1.Volume{{Name: "scratch", VolumeSource: corev1.VolumeSource{
		Ephemeral: &corev1.EphemeralVolumeSource{VolumeClaimTemplate: &corev1.PersistentVolumeClaimTemplate{Spec: claim("", "").Spec}},
	}}}
	made, err := pods.Create(ctx, pod, metav1.CreateOptions{})
	created(t, made, err)
	eventually(t, func(ctx context.Context) string {
		live, err := pods.Get(ctx, pod.Name, metav1.GetOptions{})
		if err != nil {
			return err.Error()
		}
		if live.Status.Phase != corev1.PodRunning {
			return "it is " + string(live.Status.Phase)
		}
		return ""
	})
	if err := pods.Delete(ctx, pod.Name, metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationForeground)}); err != nil {
		t.Fatal(err)
	}
	eventually(t, func(ctx context.Context) string {
		if _, err := pods.Get(ctx, pod.Name, metav1.GetOptions{}); !apierrors.IsNotFound(err) {
			return "the pod is still there"
		}
		return ""
	})
}
