package loadbalancer

import (
	"context"
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"

	"walm.io/walm/sandbox/internal/keyqueue"
)

type controller struct {
	client   kubernetes.Interface
	services corelisters.ServiceLister
	// assigning prevents two services from getting the same free address.
	assigning sync.Mutex
}

// Run gives addresses until the context ends.
func Run(ctx context.Context, client kubernetes.Interface) error {
	factory := informers.NewSharedInformerFactory(client, 0)
	services := factory.Core().V1().Services()
	c := &controller{client: client, services: services.Lister()}
	queue := keyqueue.New("load balancers", c.reconcile)
	synced, err := queue.Follow(services.Informer())
	if err != nil {
		return fmt.Errorf("load balancer: %w", err)
	}
	factory.Start(ctx.Done())
	defer factory.Shutdown()
	if !cache.WaitForCacheSync(ctx.Done(), synced) {
		return nil
	}
	queue.Run(ctx)
	return nil
}

func (c *controller) reconcile(ctx context.Context, namespace, name string) error {
	cached, err := c.services.Services(namespace).Get(name)
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil || !wants(cached) {
		return err
	}
	c.assigning.Lock()
	defer c.assigning.Unlock()
	// Not from the cache, which may not contain the latest assignment yet.
	all, err := c.client.CoreV1().Services(metav1.NamespaceAll).List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for i := range all.Items {
		if service := &all.Items[i]; service.UID == cached.UID && wants(service) {
			return c.assign(ctx, service, all.Items)
		}
	}
	return nil
}

func (c *controller) assign(ctx context.Context, service *corev1.Service, all []corev1.Service) error {
	address := choose(service, all)
	if address == "" {
		return fmt.Errorf("no address of %s is free for service %s/%s", network, service.Namespace, service.Name)
	}
	service.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: address, IPMode: new(corev1.LoadBalancerIPModeVIP)}}
	_, err := c.client.CoreV1().Services(service.Namespace).UpdateStatus(ctx, service, metav1.UpdateOptions{})
	return err
}
