package cluster

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/kube"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/refusal"
	"walm.io/engine/yamltext"
)

// Beside are objects of a release that Helm does not know of when it changes or removes the release: it compares with
// one revision, and so misses what a later failed revision created or did not get to remove.
type Beside struct {
	// Objects may exist in the cluster.
	Objects []problem.ObjectRef
	// Leftovers are those of them that no applied revision names.
	Leftovers []problem.ObjectRef
	// Adopted are objects that failed revisions only took over, applied what successful revisions name.
	Adopted map[types.UID]bool
	Applied map[problem.ObjectRef]bool
}

// InOrder sorts objects by kind, namespace and name.
func InOrder(objects map[problem.ObjectRef]bool) []problem.ObjectRef {
	return slices.SortedFunc(maps.Keys(objects), func(a, b problem.ObjectRef) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
}

// spares tells whether an object was only taken over, by a failed revision.
func (b Beside) spares(uid types.UID, object problem.ObjectRef) bool {
	return b.Adopted[uid] && !b.Applied[object]
}

// besides returns the objects beside those of a list.
func (c *Client) besides(list kube.ResourceList) (kube.ResourceList, error) {
	named, err := c.listOf(c.Beside.Objects)
	return Minus(named, list), err
}

// listOf returns objects by their names, except those that cannot exist.
func (c *Client) listOf(objects []problem.ObjectRef) (kube.ResourceList, error) {
	if len(objects) == 0 {
		return nil, nil
	}
	texts := make([]string, 0, len(objects))
	for _, object := range objects {
		text, err := yamltext.Marshal(map[string]any{
			"apiVersion": object.APIVersion, "kind": object.Kind,
			"metadata": map[string]any{"name": object.Name, "namespace": object.Namespace},
		})
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(text))
	}
	named, err := c.built(strings.NewReader(strings.Join(texts, "---\n")), false)
	if refusal.IsKindUnknown(err) {
		named, err = c.ofKnownKinds(texts)
	}
	if err != nil {
		return nil, manifest.Unreadable(err)
	}
	return named, nil
}

// ofKnownKinds leaves out objects that cannot exist, because the cluster does not serve their kind.
func (c *Client) ofKnownKinds(texts []string) (list kube.ResourceList, err error) {
	for _, text := range texts {
		one, err := c.built(strings.NewReader(text), false)
		if err != nil && !refusal.IsKindUnknown(err) {
			return nil, err
		}
		list = append(list, one...)
	}
	return list, nil
}

// identity distinguishes objects like Helm: versions of a kind are one.
type identity struct {
	kind            schema.GroupKind
	namespace, name string
}

func identityOf(info *resource.Info) identity {
	return identity{info.Mapping.GroupVersionKind.GroupKind(), info.Namespace, info.Name}
}

// Minus returns the objects of a list that are not in another one, in linear time.
func Minus(list, other kube.ResourceList) kube.ResourceList {
	named := make(map[identity]bool, len(other))
	for _, info := range other {
		named[identityOf(info)] = true
	}
	return list.Filter(func(info *resource.Info) bool { return !named[identityOf(info)] })
}
