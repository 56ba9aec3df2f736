package cluster

import (
	"errors"
	"maps"
	"strings"

	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/problem"
)

// Restore gives the objects that a change meant to change (`attempted` is its manifest) the documents of the applied
// revision.
func (c *Client) Restore(attempted string, applied *release.Release, options []kube.ClientUpdateOption) error {
	changed, err := c.Build(strings.NewReader(attempted), false)
	if err != nil {
		return err
	}
	former, err := c.Build(strings.NewReader(applied.Manifest), false)
	if err != nil {
		return err
	}
	meant := byObject(changed)
	former = former.Filter(func(info *resource.Info) bool {
		document, ok := meant[objectKey(info)]
		return ok && !sameDocument(document, contentOf(info))
	})
	if len(former) == 0 {
		return nil
	}
	for _, info := range former {
		if err := markAsHelms(info, applied); err != nil {
			return err
		}
	}
	back := byObject(former)
	changed = changed.Filter(func(info *resource.Info) bool { return back[objectKey(info)] != nil })
	c.Earlier = &appliedBefore{manifest: attempted}
	_, err = c.Update(changed, former, options...)
	return err
}

// Beyond returns those of the refusals of an update that are not about objects of an earlier one; nil if there are none.
func Beyond(err, earlier error) error {
	if err == nil {
		return nil
	}
	known := map[problem.ObjectRef]bool{}
	for _, one := range leaves(earlier) {
		if object, _, ok := refusedObject(one); ok {
			known[problem.ObjectRef{Kind: object.Kind, Namespace: object.Namespace, Name: object.Name}] = true
		}
	}
	beyond := []error{}
	for _, one := range leaves(err) {
		object, _, ok := refusedObject(one)
		if !ok || !known[problem.ObjectRef{Kind: object.Kind, Namespace: object.Namespace, Name: object.Name}] {
			beyond = append(beyond, one)
		}
	}
	return errors.Join(beyond...)
}

// markAsHelms adds the metadata that Helm adds to every object that it applies.
func markAsHelms(info *resource.Info, of *release.Release) error {
	accessor, err := meta.Accessor(info.Object)
	if err != nil {
		return err
	}
	accessor.SetLabels(added(accessor.GetLabels(), map[string]string{"app.kubernetes.io/managed-by": "Helm"}))
	accessor.SetAnnotations(added(accessor.GetAnnotations(), map[string]string{
		"meta.helm.sh/release-name":      of.Name,
		"meta.helm.sh/release-namespace": of.Namespace,
	}))
	return nil
}

func added(entries, more map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, entries)
	maps.Copy(all, more)
	return all
}
