package controlplane

import (
	"context"
	"strings"

	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app/options"

	"walm.io/walm/sandbox/internal/pki"
)

// idleControllers have nothing to do here: there are no cloud routes, no bootstrap tokens, no volumes to
// attach, and nodes are given their networks when they are made.
var idleControllers = []string{
	"node-ipam-controller",
	"node-route-controller",
	"service-lb-controller",
	"persistentvolume-attach-detach-controller",
	"bootstrap-signer-controller",
	"token-cleaner-controller",
}

// RunControllerManager runs Kubernetes' controllers until the context ends or one fails.
func RunControllerManager(ctx context.Context, kubeconfig string, keys pki.Layout) error {
	manager, err := options.NewKubeControllerManagerOptions()
	if err != nil {
		return err
	}
	known, disabled, aliases := app.KnownControllers(), app.ControllersDisabledByDefault(), app.ControllerAliases()
	if err := parse(manager.Flags(known, disabled, aliases), []string{
		"--kubeconfig=" + kubeconfig,
		"--secure-port=0",
		"--leader-elect=false",
		"--controllers=*,-" + strings.Join(idleControllers, ",-"),
		"--service-account-private-key-file=" + keys.ServiceAccountKey,
		"--root-ca-file=" + keys.Authority.Certificate,
		"--cluster-signing-cert-file=" + keys.Authority.Certificate,
		"--cluster-signing-key-file=" + keys.Authority.Key,
		// The defaults are for API servers that many clients share; here they would only slow charts down.
		"--kube-api-qps=1000",
		"--kube-api-burst=2000",
		// Nodes send no heartbeats: they live as long as the process.
		"--node-monitor-grace-period=87600h",
		"--profiling=false",
	}); err != nil {
		return err
	}
	config, err := manager.Config(ctx, known, disabled, aliases)
	if err != nil {
		return err
	}
	return app.Run(ctx, config.Complete())
}
