package sandbox

import (
	"context"
	"fmt"
	"time"

	"k8s.io/client-go/kubernetes"

	"walm.io/walm/sandbox/internal/controlplane"
	"walm.io/walm/sandbox/internal/kubeconfig"
	"walm.io/walm/sandbox/internal/state"
)

// Run runs a sandbox until the context ends. It calls ready once, when the cluster is usable. If another sandbox runs
// on the same folder, Run fails with state.ErrLocked before it touches anything.
//
// If Run returns before it called ready, the process must end: the parts already started are left as they are, because
// Kubernetes' components cannot be stopped in the middle of their start, and etcd's data survives it.
func Run(ctx context.Context, options Options, progress Progress, ready func(state.Instance)) error {
	if err := options.Validate(); err != nil {
		return err
	}
	site, err := prepare(options, time.Now())
	if err != nil {
		return err
	}

	progress("starting etcd")
	etcd, err := controlplane.StartEtcd(ctx, controlplane.EtcdOptions{
		DataFolder: site.folder.EtcdData(), Keys: site.keys, Port: options.EtcdPort, Sync: options.Sync, Logger: site.log.zap,
	})
	if err != nil {
		return err
	}
	site.instance.EtcdPort = etcd.Port
	if err := site.folder.Save(site.instance); err != nil {
		return err
	}

	parts := newGroup(ctx)
	parts.start("etcd", etcd.Wait)
	progress("starting kube-apiserver " + site.instance.KubernetesVersion)
	parts.start("kube-apiserver", func(ctx context.Context) error {
		return controlplane.RunAPIServer(ctx, controlplane.APIServerOptions{
			Listener: site.apiServer, EtcdPort: etcd.Port, Keys: site.keys,
			Audit:    controlplane.AuditOptions{Log: options.AuditLog, Policy: site.folder.AuditPolicy()},
			Webhooks: controlplane.WebhookOptions{Token: options.TokenWebhook, Authorization: options.AuthorizationConfig},
		})
	})
	client, err := newClient(site.folder.Kubeconfig())
	if err != nil {
		return err
	}
	up := make(chan struct{})
	parts.start("start", func(ctx context.Context) error {
		if err := populate(ctx, site, client, parts, progress); err != nil {
			return err
		}
		site.instance.ReadyAfterSeconds = time.Since(site.started).Round(10 * time.Millisecond).Seconds()
		if err := site.folder.Save(site.instance); err != nil {
			return err
		}
		close(up)
		ready(site.instance)
		<-ctx.Done()
		return nil
	})
	err = parts.wait(ctx)
	select {
	case <-up:
		parts.stop()
		// etcd is closed last, because the other parts must not lose it while they still write.
		etcd.Close()
		site.close()
	default:
	}
	return err
}

// newClient is the administrator's, without client-side throttling, which would only slow charts down.
func newClient(kubeconfigFile string) (kubernetes.Interface, error) {
	config, err := kubeconfig.Load(kubeconfigFile)
	if err != nil {
		return nil, fmt.Errorf("kubeconfig %s: %w", kubeconfigFile, err)
	}
	config.QPS = -1
	config.UserAgent = "walm-sandbox"
	return kubernetes.NewForConfig(config)
}
