package controlplane

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	framework "k8s.io/kube-scheduler/framework"

	"walm.io/walm/sandbox/internal/behaviour"
)

const pendingPluginName = "SandboxPending"

// pendingPlugin makes the scheduler itself refuse pods that ask to stay Pending: their condition, events and requeueing
// are the same as in any cluster.
type pendingPlugin struct{}

var (
	_ framework.PreFilterPlugin   = pendingPlugin{}
	_ framework.EnqueueExtensions = pendingPlugin{}
)

func newPendingPlugin(context.Context, runtime.Object, framework.Handle) (framework.Plugin, error) {
	return pendingPlugin{}, nil
}

func (pendingPlugin) Name() string { return pendingPluginName }

func (pendingPlugin) PreFilter(_ context.Context, _ framework.CycleState, pod *corev1.Pod, _ []framework.NodeInfo) (*framework.PreFilterResult, *framework.Status) {
	if kind, _ := behaviour.Of(pod.Annotations); kind != behaviour.Pending {
		return nil, framework.NewStatus(framework.Skip)
	}
	reason := "annotation " + behaviour.Annotation + " keeps the pod pending"
	return nil, framework.NewStatus(framework.UnschedulableAndUnresolvable, reason)
}

func (pendingPlugin) PreFilterExtensions() framework.PreFilterExtensions { return nil }

// EventsToRegister makes the scheduler try a pod again at once when its annotation is removed.
func (pendingPlugin) EventsToRegister(context.Context) ([]framework.ClusterEventWithHint, error) {
	return []framework.ClusterEventWithHint{
		{Event: framework.ClusterEvent{Resource: framework.Pod, ActionType: framework.Update}},
	}, nil
}
