package loadbalancer

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func withAddress(ip string) corev1.Service {
	return corev1.Service{
		Spec:   corev1.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer},
		Status: corev1.ServiceStatus{LoadBalancer: corev1.LoadBalancerStatus{Ingress: []corev1.LoadBalancerIngress{{IP: ip}}}},
	}
}

func TestTheFirstFreeAddressIsChosen(t *testing.T) {
	service := &corev1.Service{Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer}}
	taken := []corev1.Service{withAddress("198.51.100.1"), withAddress("198.51.100.3")}
	if got := choose(service, taken); got != "198.51.100.2" {
		t.Errorf("chose %q", got)
	}
	service.Spec.LoadBalancerIP = "198.51.100.77"
	if got := choose(service, taken); got != "198.51.100.77" {
		t.Errorf("asked for .77, got %q", got)
	}
}

func TestAUsedUpNetworkGivesNone(t *testing.T) {
	all := []corev1.Service{}
	for i := 1; i < 255; i++ {
		all = append(all, withAddress(fmt.Sprintf("198.51.100.%d", i)))
	}
	if got := choose(&corev1.Service{}, all); got != "" {
		t.Errorf("chose %q", got)
	}
}

func TestOnlyServicesOfTheClustersBalancerWantOne(t *testing.T) {
	balanced := corev1.Service{Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer}}
	other := balanced
	other.Spec.LoadBalancerClass = new("example.com/other")
	has := withAddress("198.51.100.9")
	plain := corev1.Service{Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeClusterIP}}
	if !wants(&balanced) {
		t.Error("a service without address wants none")
	}
	for _, service := range []corev1.Service{other, has, plain} {
		if wants(&service) {
			t.Errorf("%+v wants one", service.Spec)
		}
	}
}
