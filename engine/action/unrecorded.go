package action

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/kube"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/history"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/record"
	"walm.io/engine/refusal"
	"walm.io/engine/yamltext"
)

// beside are objects of a release that Helm does not know of when it changes or removes the release: it compares with one
// revision, and so forgets what another one made that failed later on, or did not get round to removing.
type beside struct {
	// objects may be in the cluster.
	objects []problem.ObjectRef
	// leftovers are those of them that no revision names which was really applied.
	leftovers []problem.ObjectRef
	// adopted are objects that revisions which failed only took over, applied what revisions name that did not fail.
	adopted map[types.UID]bool
	applied map[problem.ObjectRef]bool
}

// lookBeside finds what revisions that failed may have left in the cluster. It goes with the next change that succeeds, or
// with the release; if that fails as well, its own record notes it, because the others are pruned. compared is the revision
// that Helm looks at.
func (o *operation) lookBeside(revisions []*release.Release, compared int) error {
	if !slices.ContainsFunc(revisions, hasFailed) {
		// Helm knows everything.
		return nil
	}
	found := beside{adopted: map[types.UID]bool{}, applied: map[problem.ObjectRef]bool{}}
	left, deployed := map[problem.ObjectRef]bool{}, map[problem.ObjectRef]bool{}
	for _, revision := range revisions {
		if o.records.MayUse(revision.Version) != nil {
			continue
		}
		names := map[problem.ObjectRef]bool{}
		for _, document := range manifest.DocumentsOf(revision.Manifest, revision.Namespace, o.Cluster.Scopes(o.ctx, nil)) {
			names[document.Ref()] = true
		}
		if !hasFailed(revision) {
			maps.Copy(found.applied, names)
			if revision.Info.Status == common.StatusDeployed && revision.Version != compared {
				maps.Copy(deployed, names)
			}
			continue
		}
		notes, err := o.records.NotesOf(history.KeyOf(revision))
		if err != nil {
			return err
		}
		for _, object := range notes.Leftovers {
			left[object] = true
		}
		for _, adopted := range notes.Adopted {
			found.adopted[adopted] = true
		}
		if !notes.AllAdopted && (revision.Version != compared) {
			maps.Copy(left, names)
		}
	}
	maps.DeleteFunc(left, func(object problem.ObjectRef, _ bool) bool { return found.applied[object] && !deployed[object] })
	found.leftovers = inOrder(left)
	maps.Copy(left, deployed)
	found.objects = inOrder(left)
	o.kube.beside = found
	return nil
}

func hasFailed(revision *release.Release) bool {
	return revision.Info.Status == common.StatusFailed
}

func inOrder(objects map[problem.ObjectRef]bool) []problem.ObjectRef {
	return slices.SortedFunc(maps.Keys(objects), func(a, b problem.ObjectRef) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
}

// spares tells whether an object was only taken over, by a revision that failed.
func (b beside) spares(uid types.UID, object problem.ObjectRef) bool {
	return b.adopted[uid] && !b.applied[object]
}

// notes are what has to be known beside a new revision if it fails.
func (o *operation) notes() record.Notes {
	return record.Notes{Adopted: o.claims.Present(), Leftovers: o.kube.beside.leftovers}
}

// besides gives the objects beside those of a list.
func (c *kubeClient) besides(list kube.ResourceList) (kube.ResourceList, error) {
	named, err := c.listOf(c.beside.objects)
	return minus(named, list), err
}

// listOf gives objects by their names, but for those that cannot exist.
func (c *kubeClient) listOf(objects []problem.ObjectRef) (kube.ResourceList, error) {
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
	named, err := c.Client.Build(strings.NewReader(strings.Join(texts, "---\n")), false)
	if refusal.IsKindUnknown(err) {
		named, err = c.ofKnownKinds(texts)
	}
	if err != nil {
		return nil, manifest.Unreadable(err)
	}
	return named, nil
}

// ofKnownKinds leaves out what cannot exist, because the cluster does not serve its kind.
func (c *kubeClient) ofKnownKinds(texts []string) (list kube.ResourceList, err error) {
	for _, text := range texts {
		one, err := c.Client.Build(strings.NewReader(text), false)
		if err != nil && !refusal.IsKindUnknown(err) {
			return nil, err
		}
		list = append(list, one...)
	}
	return list, nil
}

// identity tells objects apart as Helm does: versions of a kind are one.
type identity struct {
	kind            schema.GroupKind
	namespace, name string
}

func identityOf(info *resource.Info) identity {
	return identity{info.Mapping.GroupVersionKind.GroupKind(), info.Namespace, info.Name}
}

// minus gives the objects of a list that are not in another one, in linear time.
func minus(list, other kube.ResourceList) kube.ResourceList {
	named := make(map[identity]bool, len(other))
	for _, info := range other {
		named[identityOf(info)] = true
	}
	return list.Filter(func(info *resource.Info) bool { return !named[identityOf(info)] })
}
