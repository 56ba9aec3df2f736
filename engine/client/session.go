package client

import (
	"net/url"

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

// Session is what Helm wants to know of a cluster during one operation.
type Session struct {
	cluster   *Cluster
	config    *rest.Config
	namespace string
	mapper    *liveMapper
	foreseen  *foreseenReads
	lean      *leanConfigs
}

var (
	_ genericclioptions.RESTClientGetter = (*Session)(nil)
	_ kube.Factory                       = (*Session)(nil)
)

// ToRESTConfig gives a copy each time: cli-runtime writes the API path into what it gets, and concurrent users of
// one configuration would talk to each other's paths.
func (s *Session) ToRESTConfig() (*rest.Config, error) {
	return rest.CopyConfig(s.config), nil
}

// ToDiscoveryClient gives the shared, warm discovery.
func (s *Session) ToDiscoveryClient() (discovery.CachedDiscoveryInterface, error) {
	return s.cluster.discovery.cached, nil
}

// ToRESTMapper gives the shared, warm mapper.
func (s *Session) ToRESTMapper() (meta.RESTMapper, error) {
	return s.mapper, nil
}

// ToRawKubeConfigLoader knows the namespace and nothing else; Helm asks it for nothing else.
func (s *Session) ToRawKubeConfigLoader() clientcmd.ClientConfig {
	overrides := &clientcmd.ConfigOverrides{Context: clientcmdapi.Context{Namespace: s.namespace}}
	return clientcmd.NewDefaultClientConfig(*clientcmdapi.NewConfig(), overrides)
}

// DynamicClient gives a client for any kind.
func (s *Session) DynamicClient() (dynamic.Interface, error) {
	return dynamic.NewForConfig(rest.CopyConfig(s.config))
}

// KubernetesClientSet gives a client for the built-in kinds.
func (s *Session) KubernetesClientSet() (*kubernetes.Clientset, error) {
	return kubernetes.NewForConfig(rest.CopyConfig(s.config))
}

// Core gives a client for the core group only, which is much cheaper to make than the whole set.
func (s *Session) Core() (*corev1.CoreV1Client, error) {
	return corev1.NewForConfig(rest.CopyConfig(s.config))
}

// NewBuilder gives a builder of resource lists.
func (s *Session) NewBuilder() *resource.Builder {
	return resource.NewBuilder(s)
}

// Validator checks objects as kubectl's does: the server validates where it can, else the OpenAPI document does.
func (s *Session) Validator(directive string) (validation.Schema, error) {
	if directive == metav1.FieldValidationIgnore {
		return validation.NullSchema{}, nil
	}
	return validation.NewParamVerifyingSchema(s.cluster.schema, s.cluster.verifier, directive), nil
}

// parallelReads bounds the requests that ReadAhead has under way.
const parallelReads = 8

// ReadAhead sends the reads of objects that Helm is going to make one after the other, at the same time and in the
// background. Helm gets their answers, errors included; it waits for those that are still under way.
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
			// Helm asks again for what could not be read ahead, and gets the panic where it is caught.
			guard.Go(s.cluster.log, "reading an object ahead", func() {
				defer func() { <-slots }()
				_, _ = resource.NewHelper(object.Client, object.Mapping).Get(object.Namespace, object.Name)
			})
		}
	})
}

// PathOf gives the path of an object's address.
func PathOf(object *resource.Info) string {
	return addressOf(object).Path
}

func addressOf(object *resource.Info) *url.URL {
	scoped := object.Mapping.Scope.Name() == meta.RESTScopeNameNamespace
	return object.Client.Get().NamespaceIfScoped(object.Namespace, scoped).
		Resource(object.Mapping.Resource.Resource).Name(object.Name).URL()
}
