package client

import (
	"fmt"
	"runtime/debug"
	"strings"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Source says how to connect to the cluster: a kubeconfig file (with an optional context of it), the service account of
// the pod, or, with both absent, like kubectl.
type Source struct {
	Kubeconfig string
	Context    string
	InCluster  bool
	// SystemNamespace is the server's own, which operations of releases must not touch; empty: none.
	SystemNamespace string
}

// restConfig reads the source. The result has no client-side rate limit: the API server's own fairness applies.
func (s Source) restConfig() (*rest.Config, error) {
	config, err := s.load()
	if err != nil {
		return nil, fmt.Errorf("reading the cluster's configuration: %w", err)
	}
	config.QPS = -1
	// Records are already compressed, and compressing takes the API server longer than sending.
	config.DisableCompression = true
	config.WarningHandler = rest.NoWarnings{}
	// The API server records the first word as the field manager of a release record, like for the helm command.
	config.UserAgent = "Helm/" + strings.TrimPrefix(HelmVersion(), "v") + " walm-engine"
	return config, nil
}

func (s Source) load() (*rest.Config, error) {
	if s.InCluster {
		return rest.InClusterConfig()
	}
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = s.Kubeconfig
	overrides := &clientcmd.ConfigOverrides{CurrentContext: s.Context}
	return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides).ClientConfig()
}

// HelmVersion is the version of the Helm SDK that is linked in, e.g. v4.3.1; "unknown" in a test binary
// without build information.
func HelmVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "helm.sh/helm/v4" {
				return module.Version
			}
		}
	}
	return "unknown"
}
