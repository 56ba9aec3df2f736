package action

import (
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/history"
)

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
	left, err := history.ToRelease(recorded)
	if err != nil || left.Info.Status != common.StatusUninstalling {
		return
	}
	left.Info.Status, left.Info.Description, left.Info.Deleted = before.Info.Status, before.Info.Description, before.Info.Deleted
	if err := after.helm.Releases.Update(left); err != nil {
		o.Log.Warn("a release that could not be deleted stays marked as uninstalling", "release", before.Name,
			"namespace", o.target.Namespace, "revision", before.Version, "error", err)
	}
}
