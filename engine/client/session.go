package client

import (
	"net/url"
	"sync/atomic"

	"helm.sh/helm/v4/pkg/kube"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/resource"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	corev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"k8s.io/kubectl/pkg/validation"

	"walm.io/engine/guard"
)

// Session is Helm's access to a cluster during one operation.
type Session struct {
	cluster   *Cluster
	config    *rest.Config
	namespace string
	mapper    *liveMapper
	foreseen  *foreseenReads
	lean      *leanConfigs
	dry       *atomic.Bool
}

var (
	_ genericclioptions.RESTClientGetter = (*Session)(nil)
	_ kube.Factory                       = (*Session)(nil)
)

// ToRESTConfig returns a copy each time: cli-runtime writes the API path into it, and concurrent users of one
// configuration would use each other's paths.
func (s *Session) ToRESTConfig() (*rest.Config, error) {
	return rest.CopyConfig(s.config), nil
}

// ToDiscoveryClient returns the shared, warm discovery.
func (s *Session) ToDiscoveryClient() (discovery.CachedDiscoveryInterface, error) {
	return s.cluster.discovery.cached, nil
}

// ToRESTMapper returns the shared, warm mapper.
func (s *Session) ToRESTMapper() (meta.RESTMapper, error) {
	return s.mapper, nil
}

// ToRawKubeConfigLoader knows only the namespace, which is all that Helm needs.
func (s *Session) ToRawKubeConfigLoader() clientcmd.ClientConfig {
	overrides := &clientcmd.ConfigOverrides{Context: clientcmdapi.Context{Namespace: s.namespace}}
	return clientcmd.NewDefaultClientConfig(*clientcmdapi.NewConfig(), overrides)
}

// DynamicClient returns a client for any kind.
func (s *Session) DynamicClient() (dynamic.Interface, error) {
	return dynamic.NewForConfig(rest.CopyConfig(s.config))
}

// KubernetesClientSet returns a client for the built-in kinds.
func (s *Session) KubernetesClientSet() (*kubernetes.Clientset, error) {
	return kubernetes.NewForConfig(rest.CopyConfig(s.config))
}

// Core returns a client for the core group only, which is much cheaper to create than the whole set.
func (s *Session) Core() (*corev1.CoreV1Client, error) {
	return corev1.NewForConfig(rest.CopyConfig(s.config))
}

// NewBuilder returns a builder of resource lists.
func (s *Session) NewBuilder() *resource.Builder {
	return resource.NewBuilder(s)
}

// Validator validates objects like kubectl: by the server if possible, else by the OpenAPI document.
func (s *Session) Validator(directive string) (validation.Schema, error) {
	if directive == metav1.FieldValidationIgnore {
		return validation.NullSchema{}, nil
	}
	return validation.NewParamVerifyingSchema(s.cluster.schema, s.cluster.verifier, directive), nil
}

// WriteNothing makes each further write of this session one that the cluster only judges (a dry run): Helm's client-side apply
// has no dry runs. Deletions fail.
func (s *Session) WriteNothing() { s.dry.Store(true) }

// parallelReads bounds the requests of ReadAhead in flight.
const parallelReads = 8

// ReadAhead sends the reads of objects that Helm is going to make one after the other, concurrently and in the
// background. Helm gets their responses, including errors; it waits for those in flight.
func (s *Session) ReadAhead(objects []*resource.Info) {
	slots := make(chan struct{}, parallelReads)
	for _, object := range objects {
		if object.Name == "" {
			continue
		}
		s.foreseen.expect(addressOf(object).String())
	}
	guard.Go(s.cluster.log, "reading objects ahead", func() {
		for _, object := range objects {
			if object.Name == "" {
				continue
			}
			slots <- struct{}{}
			// Helm repeats a read that could not be sent ahead, and gets the panic where it is recovered.
			guard.Go(s.cluster.log, "reading an object ahead", func() {
				defer func() { <-slots }()
				_, _ = resource.NewHelper(object.Client, object.Mapping).Get(object.Namespace, object.Name)
			})
		}
	})
}

// PathOf returns the path of an object's address.
func PathOf(object *resource.Info) string {
	return addressOf(object).Path
}

func addressOf(object *resource.Info) *url.URL {
	scoped := object.Mapping.Scope.Name() == meta.RESTScopeNameNamespace
	return object.Client.Get().NamespaceIfScoped(object.Namespace, scoped).
		Resource(object.Mapping.Resource.Resource).Name(object.Name).URL()
}
