package sandbox

import (
	"context"
	"time"

	"k8s.io/client-go/kubernetes"

	"walm.io/walm/sandbox/internal/controlplane"
	"walm.io/walm/sandbox/internal/defaults"
	"walm.io/walm/sandbox/internal/kubelet"
	"walm.io/walm/sandbox/internal/kwok"
	"walm.io/walm/sandbox/internal/loadbalancer"
	"walm.io/walm/sandbox/internal/state"
	"walm.io/walm/sandbox/internal/storage"
)

// StartLimit is far longer than any observed start; a start that takes longer is considered hung and given up.
const StartLimit = 3 * time.Minute

// populate starts, as soon as the API server answers, everything that is a client of it, and returns when
// the cluster is usable.
func populate(ctx context.Context, s *site, client kubernetes.Interface, parts *group, progress Progress) error {
	ctx, cancel := context.WithTimeout(ctx, StartLimit)
	defer cancel()
	if err := waitForAPIServer(ctx, client); err != nil {
		return err
	}
	progress("starting kube-controller-manager, kube-scheduler and kwok")
	kubeletPort := state.Port(s.kubelet)
	parts.start("kube-controller-manager", func(ctx context.Context) error {
		return controlplane.RunControllerManager(ctx, s.folder.Kubeconfig(), s.keys)
	})
	parts.start("kube-scheduler", func(ctx context.Context) error {
		return controlplane.RunScheduler(ctx, s.folder.Kubeconfig(), s.folder.SchedulerConfig())
	})
	parts.start("kwok", func(ctx context.Context) error {
		return kwok.Run(ctx, kwok.Options{Client: client, KubeletPort: kubeletPort, Log: s.log.file})
	})
	parts.start("log endpoint", func(ctx context.Context) error { return kubelet.Serve(ctx, s.kubelet, s.keys, client) })
	parts.start("storage", func(ctx context.Context) error { return storage.Run(ctx, client) })
	parts.start("load balancer", func(ctx context.Context) error { return loadbalancer.Run(ctx, client) })
	if err := kwok.EnsureNodes(ctx, client, s.instance.Nodes); err != nil {
		return err
	}
	if err := defaults.Ensure(ctx, client); err != nil {
		return err
	}
	return waitUntilUsable(ctx, client, s.instance.Nodes, kubeletPort, progress)
}
