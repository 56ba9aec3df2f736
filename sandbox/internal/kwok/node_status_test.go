package kwok

import (
	"context"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
	"sigs.k8s.io/kwok/pkg/apis/internalversion"
	"sigs.k8s.io/kwok/pkg/utils/lifecycle"
)

func TestANodeHasTheDocumentedSize(t *testing.T) {
	status := nodeStatus(newNode(1), 10250, time.Now())
	for name, want := range map[corev1.ResourceName]string{corev1.ResourceCPU: "16", corev1.ResourceMemory: "64Gi", corev1.ResourcePods: "110"} {
		quantity := status.Allocatable[name]
		if quantity.Cmp(resource.MustParse(want)) != 0 {
			t.Errorf("%s is %s, want %s", name, quantity.String(), want)
		}
	}
	if status.Addresses[0].Address != "10.64.0.2" || status.DaemonEndpoints.KubeletEndpoint.Port != 10250 {
		t.Errorf("it is at %v, port %d", status.Addresses, status.DaemonEndpoints.KubeletEndpoint.Port)
	}
}

func TestANodeKeepsItsOwnSize(t *testing.T) {
	node := newNode(0)
	node.Status.Capacity = corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("2")}
	status := nodeStatus(node, 10250, time.Now())
	if cpu := status.Allocatable[corev1.ResourceCPU]; cpu.String() != "2" {
		t.Errorf("it has %s cores", cpu.String())
	}
}

func TestANodeIsSettledOnlyAtThisProcessesPort(t *testing.T) {
	built := []*internalversion.Stage{}
	for _, stage := range nodeStages(10250) {
		built = append(built, stage.build(nodeRef))
	}
	stages, err := lifecycle.NewLifecycle(built)
	if err != nil {
		t.Fatal(err)
	}
	node := newNode(0)
	for name, c := range map[string]struct {
		status corev1.NodeStatus
		want   int
	}{
		"new":                {corev1.NodeStatus{}, 1},
		"of another process": {*nodeStatus(node, 999, time.Now()), 1},
		"settled":            {*nodeStatus(node, 10250, time.Now()), 0},
	} {
		node.Status = c.status
		matching, err := stages.ListAllPossible(context.Background(), &lifecycle.Event{Data: node})
		if err != nil || len(matching) != c.want {
			t.Errorf("%s: %d stages match (%v), want %d", name, len(matching), err, c.want)
		}
	}
}

func TestEnsureNodesFollowsTheWantedNumber(t *testing.T) {
	ctx := context.Background()
	foreign := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "mine"}}
	client := fake.NewClientset(foreign)
	for _, count := range []int{4, 2, 3} {
		if err := EnsureNodes(ctx, client, count); err != nil {
			t.Fatal(err)
		}
		list, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if len(list.Items) != count+1 {
			t.Errorf("asked for %d, there are %d beside the foreign one", count, len(list.Items)-1)
		}
	}
}
