package kwok

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// MaxNodes is how many networks of 254 pods there are in the pods' network, 10.244.0.0/16.
const MaxNodes = 250

// nodeLabel marks nodes that EnsureNodes made; others are left alone.
const nodeLabel = "sandbox.walm.io/node"

// addressAnnotation carries the address that a node shows.
const addressAnnotation = "sandbox.walm.io/address"

// NodeName is the name of the node with the given index, from 0.
func NodeName(index int) string { return fmt.Sprintf("sandbox-%d", index) }

// EnsureNodes makes count nodes, and removes those of an earlier start that had more.
func EnsureNodes(ctx context.Context, client kubernetes.Interface, count int) error {
	wanted := make(map[string]bool, count)
	for index := range count {
		wanted[NodeName(index)] = true
		_, err := client.CoreV1().Nodes().Create(ctx, newNode(index), metav1.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return fmt.Errorf("node %s: %w", NodeName(index), err)
		}
	}
	existing, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{LabelSelector: nodeLabel})
	if err != nil {
		return err
	}
	for _, node := range existing.Items {
		if wanted[node.Name] {
			continue
		}
		if err := client.CoreV1().Nodes().Delete(ctx, node.Name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("node %s: %w", node.Name, err)
		}
	}
	return nil
}

func newNode(index int) *corev1.Node {
	name, network := NodeName(index), fmt.Sprintf("10.244.%d.0/24", index)
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{
			Name: name,
			Labels: map[string]string{
				nodeLabel:                          "true",
				corev1.LabelHostname:               name,
				corev1.LabelOSStable:               "linux",
				corev1.LabelArchStable:             "amd64",
				corev1.LabelTopologyRegion:         "sandbox",
				corev1.LabelTopologyZone:           fmt.Sprintf("sandbox-%c", 'a'+index%3),
				"node-role.kubernetes.io/worker":   "",
				"node.kubernetes.io/instance-type": "sandbox",
			},
			Annotations: map[string]string{addressAnnotation: fmt.Sprintf("10.64.0.%d", index+1)},
		},
		Spec: corev1.NodeSpec{PodCIDR: network, PodCIDRs: []string{network}},
	}
}
