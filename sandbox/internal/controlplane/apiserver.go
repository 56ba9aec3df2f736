package controlplane

import (
	"context"
	"fmt"
	"net"

	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	cliflag "k8s.io/component-base/cli/flag"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"

	"walm.io/walm/sandbox/internal/pki"
	"walm.io/walm/sandbox/internal/state"
)

// The cluster's networks. Nothing listens there: addresses are handed out and shown, as in any cluster.
const (
	ServiceNetwork = "10.96.0.0/16"
	// ServiceIP is the cluster address of the kubernetes service, the first of ServiceNetwork.
	ServiceIP = "10.96.0.1"
	// advertiseAddress stands in the endpoints of the kubernetes service, where Kubernetes refuses loopback
	// addresses. It is of a range reserved for documentation.
	advertiseAddress = "192.0.2.1"
)

// APIServerOptions says how the API server is reached and where etcd is.
type APIServerOptions struct {
	Listener net.Listener
	EtcdPort int
	Keys     pki.Layout
	Audit    AuditOptions
	Webhooks WebhookOptions
}

// WebhookOptions says whom the API server asks about tokens that it does not know itself, and about rights.
type WebhookOptions struct {
	// Token is a file in the format of a kubeconfig that names the webhook for TokenReviews; empty for none.
	Token string
	// Authorization is an AuthorizationConfiguration; empty for RBAC alone.
	Authorization string
}

// flags returns the API server's flags.
func (o WebhookOptions) flags() []string {
	flags := []string{"--authorization-mode=RBAC"}
	if o.Authorization != "" {
		flags = []string{"--authorization-config=" + o.Authorization}
	}
	if o.Token != "" {
		flags = append(flags, "--authentication-token-webhook-config-file="+o.Token, "--authentication-token-webhook-version=v1")
	}
	return flags
}

// RunAPIServer serves until the context ends or the server fails.
func RunAPIServer(ctx context.Context, o APIServerOptions) error {
	server := options.NewServerRunOptions()
	audit, err := o.Audit.flags()
	if err != nil {
		return err
	}
	if err := parse(server.Flags(), append([]string{
		"--advertise-address=" + advertiseAddress,
		"--bind-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", state.Port(o.Listener)),
		"--tls-cert-file=" + o.Keys.APIServer.Certificate,
		"--tls-private-key-file=" + o.Keys.APIServer.Key,
		"--client-ca-file=" + o.Keys.Authority.Certificate,
		fmt.Sprintf("--etcd-servers=https://127.0.0.1:%d", o.EtcdPort),
		"--etcd-cafile=" + o.Keys.EtcdAuthority.Certificate,
		"--etcd-certfile=" + o.Keys.EtcdClient.Certificate,
		"--etcd-keyfile=" + o.Keys.EtcdClient.Key,
		"--allow-privileged=true",
		"--service-cluster-ip-range=" + ServiceNetwork,
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + o.Keys.ServiceAccountPublicKey,
		"--service-account-signing-key-file=" + o.Keys.ServiceAccountKey,
		"--kubelet-certificate-authority=" + o.Keys.Authority.Certificate,
		"--kubelet-client-certificate=" + o.Keys.KubeletClient.Certificate,
		"--kubelet-client-key=" + o.Keys.KubeletClient.Key,
		// All nodes live in this process: they show addresses of their own, and are reached at this one.
		"--kubelet-preferred-address-types=InternalDNS",
		"--profiling=false",
	}, append(audit, o.Webhooks.flags()...)...)); err != nil {
		return err
	}
	server.SecureServing.Listener = o.Listener
	if err := server.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	completed, err := server.Complete(ctx)
	if err != nil {
		return err
	}
	if errs := completed.Validate(); len(errs) > 0 {
		return utilerrors.NewAggregate(errs)
	}
	return app.Run(ctx, completed)
}

// parse gives a component its command line, which is its documented and stable interface.
func parse(sets cliflag.NamedFlagSets, arguments []string) error {
	all := sets.FlagSet("sandbox")
	for _, set := range sets.FlagSets {
		if set != all {
			all.AddFlagSet(set)
		}
	}
	return all.Parse(arguments)
}
