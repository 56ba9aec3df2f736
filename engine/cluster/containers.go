package cluster

import (
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/metadata"

	"walm.io/engine/client"
	"walm.io/engine/guard"
	"walm.io/engine/manifest"
)

const (
	// parallelLists bounds the concurrent lists of a namespace, listPage is the size of a page.
	parallelLists = 8
	listPage      = 500
)

// whyNamespaceStays says why a namespace is not deleted with the release: it contains objects of others, or objects to be
// kept; "" if it contains none. A namespace that cannot be searched stays, too.
func (c *Client) whyNamespaceStays(namespace string) (string, error) {
	kinds, err := c.host.Cluster.Resources(c.host.Context)
	if err != nil {
		return "", err
	}
	listed := slices.DeleteFunc(slices.Clone(kinds), func(kind client.Resource) bool {
		return !kind.Namespaced || !slices.Contains(kind.Verbs, "list") || !slices.Contains(kind.Verbs, "delete")
	})
	reasons := make([]string, len(listed))
	failures := guard.Each(len(listed), parallelLists, func(index int) error {
		kind := listed[index]
		resource := schema.GroupVersionResource{Group: kind.Group, Version: kind.Version, Resource: kind.Plural}
		reason, err := c.hindrance(resource, kind.Kind, namespace)
		reasons[index] = reason
		return err
	})
	if at := slices.IndexFunc(reasons, func(reason string) bool { return reason != "" }); at >= 0 {
		return reasons[at], nil
	}
	for _, failure := range failures {
		if failure != nil {
			return "it is not known what it holds: " + failure.Error(), nil
		}
	}
	return "", nil
}

// whyDefinitionStays says why a definition is not deleted with the release: there are objects of its kind that belong to
// others, and they would be deleted, too.
func (c *Client) whyDefinitionStays(definition runtime.Object) (string, error) {
	object, ok := definition.(*unstructured.Unstructured)
	if !ok {
		return "", fmt.Errorf("a definition is read as %T", definition)
	}
	group, plural, kind := manifest.TextAt(object.Object, "spec", "group"), manifest.TextAt(object.Object, "spec", "names", "plural"), manifest.TextAt(object.Object, "spec", "names", "kind")
	versions, _, _ := unstructured.NestedSlice(object.Object, "spec", "versions")
	for _, one := range versions {
		version, isMap := one.(map[string]any)
		if !isMap || version["served"] != true {
			continue
		}
		reason, err := c.hindrance(schema.GroupVersionResource{Group: group, Version: manifest.TextAt(version, "name"), Resource: plural}, kind, "")
		if err != nil && !apierrors.IsNotFound(err) {
			return "it is not known which objects there are of the kind: " + err.Error(), nil
		}
		return reason, nil
	}
	return "", nil
}

// hindrance names the first object that prevents the deletion of its container; "" if there is none.
func (c *Client) hindrance(resource schema.GroupVersionResource, kind, namespace string) (string, error) {
	config, err := c.host.Session.ToRESTConfig()
	if err != nil {
		return "", err
	}
	lister, err := metadata.NewForConfig(config)
	if err != nil {
		return "", err
	}
	for options := (metav1.ListOptions{Limit: listPage}); ; {
		page, err := lister.Resource(resource).Namespace(namespace).List(c.host.Context, options)
		if err != nil {
			return "", err
		}
		for _, object := range page.Items {
			if why := c.host.Owner.Hinders(schema.GroupKind{Group: resource.Group, Kind: kind}, &object); why != "" {
				return fmt.Sprintf("with it %s %s would go, and %s", kind, object.Name, why), nil
			}
		}
		if options.Continue = page.Continue; options.Continue == "" {
			return "", nil
		}
	}
}
