package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/component-base/version"

	"walm.io/walm/sandbox/internal/controlplane"
	"walm.io/walm/sandbox/internal/defaults"
	"walm.io/walm/sandbox/internal/kubeconfig"
	"walm.io/walm/sandbox/internal/kubelet"
	"walm.io/walm/sandbox/internal/kwok"
	"walm.io/walm/sandbox/internal/loadbalancer"
	"walm.io/walm/sandbox/internal/pki"
	"walm.io/walm/sandbox/internal/state"
	"walm.io/walm/sandbox/internal/storage"
)

// startLimit is far beyond any start seen; a start that takes longer hangs.
const startLimit = 3 * time.Minute

// Run runs a sandbox until the context ends. It calls ready once, when the cluster is usable. Another
// sandbox on the same folder makes it fail with state.ErrLocked before anything is touched.
func Run(ctx context.Context, options Options, progress Progress, ready func(state.Instance)) error {
	started := time.Now()
	if err := options.Validate(); err != nil {
		return err
	}
	folder, err := state.Create(options.Folder)
	if err != nil {
		return err
	}
	lock, err := folder.Acquire(state.ClusterLock)
	if err != nil {
		return err
	}
	defer lock.Release()
	if options.Fresh {
		if err := folder.DeleteCluster(); err != nil {
			return fmt.Errorf("state folder %s cannot be emptied: %w", folder, err)
		}
	}
	log, err := openLog(folder.Log())
	if err != nil {
		return err
	}
	defer log.close()

	keys := pki.LayoutIn(folder.PKI())
	if err := keys.Ensure(controlplane.ServiceIP, started); err != nil {
		return err
	}
	last, err := folder.Instance()
	if err != nil {
		return err
	}
	listener, err := state.Listen(options.APIServerPort, last.APIServerPort)
	if err != nil {
		return err
	}
	defer listener.Close()
	kubeletListener, err := state.Listen(0, 0)
	if err != nil {
		return err
	}
	defer kubeletListener.Close()
	instance := state.Instance{
		Server:            fmt.Sprintf("https://127.0.0.1:%d", state.Port(listener)),
		APIServerPort:     state.Port(listener),
		KubernetesVersion: version.Get().GitVersion,
		Nodes:             options.Nodes,
		StartedAt:         started.UTC().Truncate(time.Second),
	}
	if err := kubeconfig.WriteAdmin(folder.Kubeconfig(), instance.Server, keys); err != nil {
		return err
	}

	progress("starting etcd")
	etcd, err := controlplane.StartEtcd(ctx, controlplane.EtcdOptions{
		DataFolder: folder.EtcdData(), Keys: keys, Port: options.EtcdPort, Sync: options.Sync, Logger: log.zap,
	})
	if err != nil {
		return err
	}
	// Last of all: whoever still writes must not find etcd gone.
	defer etcd.Close()
	instance.EtcdPort = etcd.Port
	if err := folder.Save(instance); err != nil {
		return err
	}

	parts := newGroup(ctx)
	parts.start("etcd", etcd.Wait)
	progress("starting kube-apiserver " + instance.KubernetesVersion)
	parts.start("kube-apiserver", func(ctx context.Context) error {
		return controlplane.RunAPIServer(ctx, controlplane.APIServerOptions{Listener: listener, EtcdPort: etcd.Port, Keys: keys})
	})
	config, err := restConfig(folder.Kubeconfig())
	if err != nil {
		return errors.Join(err, parts.stop())
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return errors.Join(err, parts.stop())
	}
	parts.start("start", func(ctx context.Context) error {
		limited, cancel := context.WithTimeout(ctx, startLimit)
		defer cancel()
		if err := waitForAPIServer(limited, client); err != nil {
			return err
		}
		progress("starting kube-controller-manager, kube-scheduler and kwok")
		parts.start("kube-controller-manager", func(ctx context.Context) error {
			return controlplane.RunControllerManager(ctx, folder.Kubeconfig(), keys)
		})
		parts.start("kube-scheduler", func(ctx context.Context) error {
			return controlplane.RunScheduler(ctx, folder.Kubeconfig(), folder.SchedulerConfig())
		})
		parts.start("kwok", func(ctx context.Context) error {
			return kwok.Run(ctx, kwok.Options{Client: client, KubeletPort: state.Port(kubeletListener), Log: log.file})
		})
		parts.start("log endpoint", func(ctx context.Context) error {
			return kubelet.Serve(ctx, kubeletListener, keys, client)
		})
		parts.start("storage", func(ctx context.Context) error { return storage.Run(ctx, client) })
		parts.start("load balancer", func(ctx context.Context) error { return loadbalancer.Run(ctx, client) })
		if err := kwok.EnsureNodes(limited, client, options.Nodes); err != nil {
			return err
		}
		if err := defaults.Ensure(limited, client); err != nil {
			return err
		}
		if err := waitUntilUsable(limited, client, options.Nodes, state.Port(kubeletListener), progress); err != nil {
			return err
		}
		instance.ReadyAfterSeconds = time.Since(started).Round(10 * time.Millisecond).Seconds()
		if err := folder.Save(instance); err != nil {
			return err
		}
		ready(instance)
		<-ctx.Done()
		return nil
	})
	return parts.wait()
}

// restConfig is the administrator's, without client-side throttling, which would only slow charts down.
func restConfig(kubeconfigFile string) (*rest.Config, error) {
	config, err := kubeconfig.Load(kubeconfigFile)
	if err != nil {
		return nil, err
	}
	config.QPS = -1
	config.UserAgent = "walm-sandbox"
	return config, nil
}
