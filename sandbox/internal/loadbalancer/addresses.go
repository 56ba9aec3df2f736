// Package loadbalancer gives services of type LoadBalancer an address, as a cloud would.
package loadbalancer

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"
)

// network is reserved for documentation and tests: no address of it leads anywhere.
var network = netip.MustParsePrefix("198.51.100.0/24")

// wants says that a service waits for an address of the cluster's own load balancer.
func wants(service *corev1.Service) bool {
	return service.Spec.Type == corev1.ServiceTypeLoadBalancer &&
		service.Spec.LoadBalancerClass == nil &&
		service.DeletionTimestamp == nil &&
		len(service.Status.LoadBalancer.Ingress) == 0
}

// choose is the address for a service: the one it asks for, else the first that no service has. It is
// empty when the network is used up.
func choose(service *corev1.Service, all []corev1.Service) string {
	if service.Spec.LoadBalancerIP != "" {
		return service.Spec.LoadBalancerIP
	}
	used := map[string]bool{}
	for _, other := range all {
		for _, ingress := range other.Status.LoadBalancer.Ingress {
			used[ingress.IP] = true
		}
	}
	last := netip.MustParseAddr("198.51.100.255")
	for address := network.Addr().Next(); network.Contains(address) && address != last; address = address.Next() {
		if !used[address.String()] {
			return address.String()
		}
	}
	return ""
}
