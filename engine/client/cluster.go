// Package client keeps expensive knowledge about a cluster (its kinds, its OpenAPI, its connections) warm and shared,
// and gives every operation its own light clients on top of it.
package client

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"

	"helm.sh/helm/v4/pkg/chart/common"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/resource"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/openapi"
	"k8s.io/client-go/openapi/cached"
	"k8s.io/client-go/rest"
	cmdutil "k8s.io/kubectl/pkg/cmd/util"
	"k8s.io/kubectl/pkg/validation"

	"walm.io/engine/ownership"
)

// Cluster is one Kubernetes cluster as seen with the engine's own identity. Safe for concurrent use.
type Cluster struct {
	source    Source
	config    *rest.Config
	log       *slog.Logger
	discovery *discoveryCache
	verifier  *cachedVerifier
	fields    *fieldSchemaCache
	schema    validation.Schema
}

// Connect prepares the clients for a cluster; it sends nothing. `onKindsChanged` is called after the cluster's kinds
// changed.
func Connect(source Source, log *slog.Logger, onKindsChanged func()) (*Cluster, error) {
	config, err := source.restConfig()
	if err != nil {
		return nil, err
	}
	return connect(source, config, log, onKindsChanged)
}

// Source says how the cluster is reached, so that another process can connect too.
func (c *Cluster) Source() Source {
	return c.source
}

func connect(source Source, config *rest.Config, log *slog.Logger, onKindsChanged func()) (*Cluster, error) {
	kinds, err := discovery.NewDiscoveryClientForConfig(rest.CopyConfig(config))
	if err != nil {
		return nil, fmt.Errorf("preparing the discovery of the cluster: %w", err)
	}
	cluster := &Cluster{source: source, config: config, log: log}
	cluster.discovery = newDiscoveryCache(kinds, func() {
		cluster.verifier.forget()
		cluster.fields.forget()
		onKindsChanged()
	})
	cluster.verifier = newCachedVerifier(cluster.newVerifier)
	cluster.fields = newFieldSchemaCache(func() openapi.Client { return kinds.OpenAPIV3() })
	own := cluster.session(context.Background(), nil, "", nil, nil)
	cluster.schema = validation.ConjunctiveSchema{
		validation.NewSchemaValidation(cmdutil.NewFactory(own)),
		validation.NoDoubleKeySchema{},
	}
	return cluster, nil
}

// newVerifier is kubectl's: OpenAPI v3 first, v2 for servers without it.
func (c *Cluster) newVerifier() (resource.Verifier, error) {
	objects, err := dynamic.NewForConfig(rest.CopyConfig(c.config))
	if err != nil {
		return nil, err
	}
	openAPI := cached.NewClient(c.discovery.cached.OpenAPIV3())
	const parameter = resource.QueryParamFieldValidation
	return resource.NewFallbackQueryParamVerifier(
		resource.NewQueryParamVerifierV3(objects, openAPI, parameter),
		resource.NewQueryParamVerifier(objects, c.discovery.cached, parameter),
	), nil
}

// KubernetesVersion returns the cluster's version, e.g. v1.36.3, and discovers its kinds if they are not known yet.
func (c *Cluster) KubernetesVersion(ctx context.Context) (string, error) {
	capabilities, err := c.Capabilities(ctx)
	if err != nil {
		return "", err
	}
	return capabilities.KubeVersion.Version, nil
}

// Capabilities returns a copy of what templates see as `.Capabilities`.
func (c *Cluster) Capabilities(ctx context.Context) (*common.Capabilities, error) {
	known, _, err := c.discovery.get(ctx)
	if err != nil {
		return nil, err
	}
	return known.capabilities.Copy(), nil
}

// Resources lists the kinds that the cluster serves.
func (c *Cluster) Resources(ctx context.Context) ([]Resource, error) {
	known, _, err := c.discovery.get(ctx)
	if err != nil {
		return nil, err
	}
	return known.resources, nil
}

// Namespaced tells whether objects of a kind are namespaced, as far as known without asking the cluster.
func (c *Cluster) Namespaced(ctx context.Context, kind schema.GroupKind) (namespaced, known bool) {
	current, _, err := c.discovery.get(ctx)
	if err != nil {
		return false, false
	}
	namespaced, known = current.namespaced[kind]
	return namespaced, known
}

// Served returns the kinds of each API version that the cluster serves, e.g. `apps/v1`; the caller must not change it.
func (c *Cluster) Served(ctx context.Context) (map[string][]string, error) {
	known, _, err := c.discovery.get(ctx)
	if err != nil {
		return nil, err
	}
	return known.served, nil
}

// Refresh reads the cluster's kinds now.
func (c *Cluster) Refresh(ctx context.Context) error {
	_, seen, err := c.discovery.get(ctx)
	if err != nil {
		return err
	}
	_, _, err = c.discovery.refresh(ctx, seen)
	return err
}

// Session returns the clients of one operation, acting for the identity, with `namespace` as the default. When the
// operation's context ends, its requests fail; its writes fail when its permit (WithPermit) does. `claims` is what it
// may do to objects. `observe` (may be nil) is called for every write and its response, nil if none arrived.
func (c *Cluster) Session(
	operation context.Context, identity *Identity, namespace string, claims *ownership.Claims, observe func(*http.Request, *http.Response),
) (*Session, error) {
	config := rest.CopyConfig(c.config)
	if err := identity.impersonate(config); err != nil {
		return nil, err
	}
	return c.session(operation, config, namespace, claims, observe), nil
}

func (c *Cluster) session(
	operation context.Context, config *rest.Config, namespace string, claims *ownership.Claims, observe func(*http.Request, *http.Response),
) *Session {
	if config == nil {
		config = rest.CopyConfig(c.config)
	}
	foreseen, lean, dry := &foreseenReads{}, &leanConfigs{}, &atomic.Bool{}
	config.Wrap(func(inner http.RoundTripper) http.RoundTripper {
		return &gate{
			operation: operation, permit: permitOf(operation), inner: inner, observe: observe, foreseen: foreseen,
			reserved: reservation{namespace: c.source.SystemNamespace, home: namespace}, claims: claims, lean: lean, dry: dry,
		}
	})
	return &Session{
		cluster:   c,
		foreseen:  foreseen,
		lean:      lean,
		dry:       dry,
		config:    config,
		namespace: namespace,
		mapper:    &liveMapper{ctx: operation, discovery: c.discovery},
	}
}
