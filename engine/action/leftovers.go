package action

import (
	"maps"
	"slices"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/cluster"
	"walm.io/engine/history"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/record"
)

// findLeftovers finds objects that failed revisions may have left in the cluster. They are removed with the next
// successful change, or with the release; if that fails as well, its own record notes them, because the others are
// pruned. compared is the revision that Helm compares with.
func (o *operation) findLeftovers(revisions []*release.Release, compared int) error {
	if !slices.ContainsFunc(revisions, hasFailed) {
		// Helm knows all of them.
		return nil
	}
	found := cluster.Beside{Adopted: map[types.UID]bool{}, Applied: map[problem.ObjectRef]bool{}}
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
			maps.Copy(found.Applied, names)
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
			found.Adopted[adopted] = true
		}
		if !notes.AllAdopted && (revision.Version != compared) {
			maps.Copy(left, names)
		}
	}
	maps.DeleteFunc(left, func(object problem.ObjectRef, _ bool) bool { return found.Applied[object] && !deployed[object] })
	found.Leftovers = cluster.InOrder(left)
	maps.Copy(left, deployed)
	found.Objects = cluster.InOrder(left)
	o.kube.Beside = found
	return nil
}

func hasFailed(revision *release.Release) bool {
	return revision.Info.Status == common.StatusFailed
}

// notes are the facts to record with a new revision if it fails.
func (o *operation) notes() record.Notes {
	return record.Notes{Adopted: o.claims.Present(), Leftovers: o.kube.Beside.Leftovers}
}
