package kwok

import (
	corev1 "k8s.io/api/core/v1"
)

// placement is what a node gives to a pod.
type placement struct {
	HostIPs, PodIPs []string
}

// newPlacement reads the addresses that a template handed over. A pod's own address wins: it never changes.
func newPlacement(pod *corev1.Pod, hostIPs, podIPs any) placement {
	at := placement{HostIPs: texts(hostIPs)}
	for _, ip := range pod.Status.PodIPs {
		at.PodIPs = append(at.PodIPs, ip.IP)
	}
	if len(at.PodIPs) == 0 {
		at.PodIPs = texts(podIPs)
	}
	return at
}

func texts(list any) []string {
	all, _ := list.([]string)
	return all
}
