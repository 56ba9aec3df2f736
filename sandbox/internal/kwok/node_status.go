package kwok

import (
	"runtime"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/component-base/version"
)

// nodeStatus is that of a healthy node: 16 cores, 64Gi, 110 pods unless the node says otherwise, and
// reached on the given port of this machine.
func nodeStatus(node *corev1.Node, kubeletPort int32, now time.Time) *corev1.NodeStatus {
	status := node.Status.DeepCopy()
	if len(status.Capacity) == 0 {
		status.Capacity = corev1.ResourceList{
			corev1.ResourceCPU:              resource.MustParse("16"),
			corev1.ResourceMemory:           resource.MustParse("64Gi"),
			corev1.ResourcePods:             resource.MustParse("110"),
			corev1.ResourceEphemeralStorage: resource.MustParse("500Gi"),
		}
	}
	if len(status.Allocatable) == 0 {
		status.Allocatable = status.Capacity.DeepCopy()
	}
	status.Addresses = []corev1.NodeAddress{
		{Type: corev1.NodeInternalIP, Address: nodeAddress(node)},
		{Type: corev1.NodeHostName, Address: node.Name},
		// Where the API server finds the node's log endpoint.
		{Type: corev1.NodeInternalDNS, Address: "localhost"},
	}
	status.DaemonEndpoints.KubeletEndpoint.Port = kubeletPort
	status.NodeInfo = corev1.NodeSystemInfo{
		Architecture:            runtime.GOARCH,
		OperatingSystem:         "linux",
		OSImage:                 "Walm sandbox",
		KernelVersion:           "sandbox",
		ContainerRuntimeVersion: "sandbox://runs-nothing",
		KubeletVersion:          version.Get().GitVersion,
	}
	status.Conditions = nil
	for _, condition := range []struct {
		kind            corev1.NodeConditionType
		value           corev1.ConditionStatus
		reason, message string
	}{
		{corev1.NodeReady, corev1.ConditionTrue, "KubeletReady", "the sandbox plays this node"},
		{corev1.NodeMemoryPressure, corev1.ConditionFalse, "KubeletHasSufficientMemory", ""},
		{corev1.NodeDiskPressure, corev1.ConditionFalse, "KubeletHasNoDiskPressure", ""},
		{corev1.NodePIDPressure, corev1.ConditionFalse, "KubeletHasSufficientPID", ""},
		{corev1.NodeNetworkUnavailable, corev1.ConditionFalse, "RouteCreated", ""},
	} {
		status.Conditions = append(status.Conditions, corev1.NodeCondition{
			Type: condition.kind, Status: condition.value, Reason: condition.reason, Message: condition.message,
			LastHeartbeatTime: metav1.NewTime(now), LastTransitionTime: transition(node, condition.kind, condition.value, now),
		})
	}
	return status
}

func nodeAddress(node *corev1.Node) string {
	if address := node.Annotations[addressAnnotation]; address != "" {
		return address
	}
	return "10.64.255.254"
}

func transition(node *corev1.Node, kind corev1.NodeConditionType, value corev1.ConditionStatus, now time.Time) metav1.Time {
	for _, before := range node.Status.Conditions {
		if before.Type == kind && before.Status == value {
			return before.LastTransitionTime
		}
	}
	return metav1.NewTime(now)
}
