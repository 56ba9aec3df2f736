package action

import (
	"time"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/record"
)

// newestState is the newest of the revisions as it is before an uninstall marks it; nil where there is none.
func newestState(revisions []*release.Release) *release.Release {
	if len(revisions) == 0 {
		return nil
	}
	newest := record.Copy(revisions[len(revisions)-1])
	if newest.Info.Status == common.StatusUninstalling {
		newest.Info.Status, newest.Info.Description = stateAfterRemoval(revisions), "an earlier delete did not come to an end"
		newest.Info.Deleted = time.Time{}
	}
	return newest
}

// giveBack makes a release that could not be deleted what it was, so that it can be changed and deleted at once. What of
// its objects is gone is seen by their state. Where that cannot be written, it stays locked.
func (o *operation) giveBack(before *release.Release) {
	after, cancel, err := o.detached()
	if err != nil || before == nil {
		return
	}
	defer cancel()
	recorded, err := after.helm.Releases.Get(before.Name, before.Version)
	if err != nil {
		return
	}
	left, err := toRelease(recorded)
	if err != nil || left.Info.Status != common.StatusUninstalling {
		return
	}
	left.Info.Status, left.Info.Description, left.Info.Deleted = before.Info.Status, before.Info.Description, before.Info.Deleted
	if err := after.helm.Releases.Update(left); err != nil {
		o.Log.Warn("a release that could not be deleted stays marked as uninstalling", "release", before.Name,
			"namespace", o.target.Namespace, "revision", before.Version, "error", err)
	}
}

// stateAfterRemoval is what the newest revision was before a delete that died marked it: a failed attempt where an earlier
// one is deployed, else it was deployed itself.
func stateAfterRemoval(revisions []*release.Release) common.Status {
	for _, revision := range revisions {
		if revision.Info.Status == common.StatusDeployed {
			return common.StatusFailed
		}
	}
	return common.StatusDeployed
}
