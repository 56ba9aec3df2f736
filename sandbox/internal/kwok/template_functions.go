package kwok

import (
	"encoding/json"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/kwok/pkg/utils/gotpl"
)

// placementTemplate hands over the node's addresses, and an address for the pod unless it has one: each
// evaluation of PodIPsWith takes an address from the node's network.
const placementTemplate = `(NodeIPsWith .spec.nodeName) ` +
	`(or .status.podIPs (PodIPsWith .spec.nodeName (or .spec.hostNetwork false) .metadata.uid .metadata.name .metadata.namespace))`

// templateFunctions let the stages' templates call the status functions. They return JSON, which the
// templates' YAML includes.
func templateFunctions(now func() time.Time, kubeletPort int32) gotpl.FuncMap {
	pod := func(object any, compute func(*corev1.Pod) *corev1.PodStatus) (string, error) {
		typed, err := convert[corev1.Pod](object)
		if err != nil {
			return "", err
		}
		return encode(compute(typed))
	}
	return gotpl.FuncMap{
		"Running": func(object, hostIPs, podIPs any) (string, error) {
			return pod(object, func(p *corev1.Pod) *corev1.PodStatus {
				return runningStatus(p, newPlacement(p, hostIPs, podIPs), true, now())
			})
		},
		"Started": func(object, hostIPs, podIPs any) (string, error) {
			return pod(object, func(p *corev1.Pod) *corev1.PodStatus {
				return runningStatus(p, newPlacement(p, hostIPs, podIPs), false, now())
			})
		},
		"Waiting": func(object, hostIPs, podIPs any, reason, message string) (string, error) {
			return pod(object, func(p *corev1.Pod) *corev1.PodStatus {
				return waitingStatus(p, newPlacement(p, hostIPs, podIPs), reason, message, now())
			})
		},
		"UnknownBehaviour": func(object, hostIPs, podIPs any) (string, error) {
			return pod(object, func(p *corev1.Pod) *corev1.PodStatus {
				return unknownBehaviourStatus(p, newPlacement(p, hostIPs, podIPs), now())
			})
		},
		"Completed": func(object any) (string, error) {
			return pod(object, func(p *corev1.Pod) *corev1.PodStatus { return completedStatus(p, now()) })
		},
		"Failed": func(object any) (string, error) {
			return pod(object, func(p *corev1.Pod) *corev1.PodStatus { return failedStatus(p, now()) })
		},
		"Stopped": func(object any) (string, error) {
			return pod(object, func(p *corev1.Pod) *corev1.PodStatus { return stoppedStatus(p, now()) })
		},
		"Crashed": func(object any) (string, error) {
			return pod(object, func(p *corev1.Pod) *corev1.PodStatus { return crashedStatus(p, now()) })
		},
		"Restarted": func(object any) (string, error) {
			return pod(object, func(p *corev1.Pod) *corev1.PodStatus { return restartedStatus(p, now()) })
		},
		"Node": func(object any) (string, error) {
			node, err := convert[corev1.Node](object)
			if err != nil {
				return "", err
			}
			return encode(nodeStatus(node, kubeletPort, now()))
		},
	}
}

// convert types an object that went through a template's JSON.
func convert[T corev1.Pod | corev1.Node](object any) (*T, error) {
	data, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	typed := new(T)
	if err := json.Unmarshal(data, typed); err != nil {
		return nil, err
	}
	return typed, nil
}

func encode[T corev1.PodStatus | corev1.NodeStatus](status *T) (string, error) {
	// ToUnstructured leaves out the empty fields, which json.Marshal writes as null and {}.
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(status)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(fields)
	return string(data), err
}
