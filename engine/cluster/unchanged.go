package cluster

import (
	"reflect"
	"strings"
	"sync"

	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/guard"
	"walm.io/engine/history"
	"walm.io/engine/manifest"
)

// appliedBefore is the applied manifest of a release, and the manifests of later failed attempts, which may have
// reached some of the objects.
type appliedBefore struct {
	manifest string
	attempts []string
}

// BeforeOf returns the applied manifest of a release, and those of later attempts. Revisions are oldest first, at least
// one.
func BeforeOf(revisions []*release.Release) *appliedBefore {
	applied := history.AppliedOf(revisions)
	before := &appliedBefore{manifest: applied.Manifest}
	for _, revision := range revisions {
		if revision.Version > applied.Version {
			before.attempts = append(before.attempts, revision.Manifest)
		}
	}
	return before
}

// documentsByObject are documents by the key of their object.
type documentsByObject map[string]map[string]any

// knownObjects are the documents of appliedBefore.
type knownObjects struct {
	applied  documentsByObject
	attempts []documentsByObject
}

// known parses the documents, `from` being what Helm compares with; nil if they cannot be parsed any more.
func (c *Client) known(from kube.ResourceList) *knownObjects {
	if c.Earlier == nil {
		return nil
	}
	if len(c.Earlier.attempts) == 0 {
		return &knownObjects{applied: byObject(from)}
	}
	found := &knownObjects{}
	for index, manifest := range append([]string{c.Earlier.manifest}, c.Earlier.attempts...) {
		list, err := c.Build(strings.NewReader(manifest), false)
		if err != nil {
			return nil
		}
		if index == 0 {
			found.applied = byObject(list)
		} else {
			found.attempts = append(found.attempts, byObject(list))
		}
	}
	return found
}

func byObject(list kube.ResourceList) documentsByObject {
	documents := documentsByObject{}
	for _, info := range list {
		documents[objectKey(info)] = contentOf(info)
	}
	return documents
}

// objectKey identifies an object independently of the version of its kind.
func objectKey(info *resource.Info) string {
	return strings.Join([]string{info.Mapping.GroupVersionKind.GroupKind().String(), info.Namespace, info.Name}, "/")
}

// without returns a list without some of its objects.
func without(list kube.ResourceList, left map[string]bool) kube.ResourceList {
	return list.Filter(func(info *resource.Info) bool { return !left[objectKey(info)] })
}

// before is the applied document of an object; nil: there was none.
func (k *knownObjects) before(info *resource.Info) map[string]any {
	if k == nil {
		return nil
	}
	return k.applied[objectKey(info)]
}

// unchanged tells whether the desired state of an object is the applied one, and no attempt since differed.
func (k *knownObjects) unchanged(info *resource.Info) bool {
	before := k.before(info)
	return before != nil && sameDocument(before, contentOf(info)) && !k.attempted(info)
}

// attempted tells whether a later attempt had another desired state of an object, and may have reached it.
func (k *knownObjects) attempted(info *resource.Info) bool {
	before := k.before(info)
	for _, attempted := range k.attempts {
		if one := attempted[objectKey(info)]; one != nil && !sameDocument(before, one) {
			return true
		}
	}
	return false
}

// reverts tells whether the desired state of an object is the applied one, but an attempt since may have reached it with
// another.
func (k *knownObjects) reverts(info *resource.Info) bool {
	before := k.before(info)
	return before != nil && sameDocument(before, contentOf(info)) && k.attempted(info)
}

func contentOf(info *resource.Info) map[string]any {
	object, ok := info.Object.(*unstructured.Unstructured)
	if !ok {
		return nil
	}
	return object.Object
}

// sameDocument compares documents without what Helm adds to them when applying.
func sameDocument(a, b map[string]any) bool {
	return reflect.DeepEqual(withoutMarks(a), withoutMarks(b))
}

// withoutMarks removes the metadata by which Helm recognises its objects. The document is not changed.
func withoutMarks(document map[string]any) map[string]any {
	metadata, ok := document["metadata"].(map[string]any)
	if !ok {
		return document
	}
	bare := manifest.CopyMap(document)
	kept := manifest.CopyMap(metadata)
	for _, field := range []string{"labels", "annotations"} {
		entries, ok := metadata[field].(map[string]any)
		if !ok && metadata[field] != nil {
			continue
		}
		rest := map[string]any{}
		for key, value := range entries {
			if !isHelmMark(field, key, value) {
				rest[key] = value
			}
		}
		delete(kept, field)
		if len(rest) > 0 {
			kept[field] = rest
		}
	}
	bare["metadata"] = kept
	return bare
}

func isHelmMark(field, key string, value any) bool {
	if field == "labels" {
		return key == "app.kubernetes.io/managed-by" && value == "Helm"
	}
	return strings.HasPrefix(key, "meta.helm.sh/")
}

// leaveUnchanged names existing objects that a change does not affect and therefore skips: those that still have what
// their documents say; in a rewrite, and wherever applying would overwrite others, also those of which others have set
// fields, or which the cluster has stored differently than sent. In every change it also names Jobs that have deleted
// themselves after they were done.
func (c *Client) leaveUnchanged(known *knownObjects, to kube.ResourceList) (map[string]bool, error) {
	candidates := to.Filter(known.unchanged)
	stay := make([]bool, len(candidates))
	failures := guard.Each(len(candidates), parallelReads, func(at int) (err error) {
		stay[at], err = c.leavesAlone(candidates[at])
		return err
	})
	left := map[string]bool{}
	for at, info := range candidates {
		if failures[at] != nil {
			return nil, failures[at]
		}
		left[objectKey(info)] = stay[at]
	}
	return left, nil
}

// parallelReads bounds the concurrent reads of objects whose documents do not change.
const parallelReads = 8

// leavesAlone tells whether a change skips an object whose document is the applied one.
func (c *Client) leavesAlone(info *resource.Info) (bool, error) {
	found, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name)
	if apierrors.IsNotFound(err) {
		return removesItself(info), nil
	}
	if err != nil {
		return false, err
	}
	live, _ := found.(*unstructured.Unstructured)
	return c.Rewrites || c.ClientApply || standing{exact: c.Forces}.holds(contentOf(info), live), nil
}

// removesItself recognises a Job that the cluster deletes some time after it is done.
func removesItself(info *resource.Info) bool {
	if kind := info.Mapping.GroupVersionKind; kind.Group != "batch" || kind.Kind != "Job" {
		return false
	}
	_, found, err := unstructured.NestedFieldNoCopy(contentOf(info), "spec", "ttlSecondsAfterFinished")
	return found && err == nil
}

// leaveStored gives the fields of an object that the change does not affect their live values; false if there are none.
// `isOwned` tells that the cluster tracks the owners of fields.
func (k *knownObjects) leaveStored(info *resource.Info, look func() *unstructured.Unstructured, isOwned bool) bool {
	before := k.before(info)
	now, ok := info.Object.(*unstructured.Unstructured)
	if before == nil || !ok {
		return false
	}
	live := look()
	if live == nil {
		return false
	}
	// A value of a failed attempt was not set by another manager, but left by the attempt.
	for _, attempted := range k.attempts {
		if one := attempted[objectKey(info)]; one != nil {
			before = attempt{one, live.Object, isOwned}.agreed(before)
		}
	}
	stored := asStored(before, now.Object, live.Object)
	if reflect.DeepEqual(stored, now.Object) {
		return false
	}
	now.Object = stored
	return true
}

// readLive returns the live object, read once and only when needed; nil if it cannot be read.
func (c *Client) readLive(info *resource.Info) func() *unstructured.Unstructured {
	return sync.OnceValue(func() (live *unstructured.Unstructured) {
		c.host.Session.InFull(func() {
			if found, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name); err == nil {
				live, _ = found.(*unstructured.Unstructured)
			}
		})
		return live
	})
}
