//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

func checkOffers(t *testing.T, client kubernetes.Interface) {
	ctx := t.Context()
	nodes, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil || len(nodes.Items) != 3 {
		t.Fatalf("%d nodes (%v)", len(nodes.Items), err)
	}
	for _, node := range nodes.Items {
		cpu, memory, pods := node.Status.Allocatable.Cpu(), node.Status.Allocatable.Memory(), node.Status.Allocatable.Pods()
		if cpu.String() != "16" || memory.String() != "64Gi" || pods.String() != "110" {
			t.Errorf("%s has %s cores, %s, %s pods", node.Name, cpu, memory, pods)
		}
	}
	if _, err := client.SchedulingV1().PriorityClasses().Get(ctx, "low-priority", metav1.GetOptions{}); err != nil {
		t.Error(err)
	}
	claims := client.CoreV1().PersistentVolumeClaims(namespace)
	for name, class := range map[string]string{"by-default": "", "standard": "standard", "silver": "silver", "local": "local"} {
		made, err := claims.Create(ctx, claim(name, class), metav1.CreateOptions{})
		created(t, made, err)
	}
	eventually(t, func(ctx context.Context) string {
		list, err := claims.List(ctx, metav1.ListOptions{})
		if err != nil {
			return err.Error()
		}
		for _, c := range list.Items {
			if c.Status.Phase != corev1.ClaimBound {
				return fmt.Sprintf("claim %s is %s", c.Name, c.Status.Phase)
			}
			if c.Name == "by-default" && *c.Spec.StorageClassName != "standard" {
				t.Fatalf("the default class is %s", *c.Spec.StorageClassName)
			}
		}
		return ""
	})
	if err := claims.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, func(ctx context.Context) string {
		list, err := client.CoreV1().PersistentVolumes().List(ctx, metav1.ListOptions{})
		if err != nil {
			return err.Error()
		}
		if len(list.Items) > 0 {
			return fmt.Sprintf("%d volumes of deleted claims are left", len(list.Items))
		}
		return ""
	})
}
