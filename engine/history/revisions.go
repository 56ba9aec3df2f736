package history

import (
	"slices"
	"time"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/record"
)

// AppliedOf finds the newest revision that was really applied, like the server (domain/revisions): failed and
// unfinished revisions do not count. Revisions are oldest first, at least one.
func AppliedOf(revisions []*release.Release) *release.Release {
	for _, status := range []common.Status{common.StatusDeployed, common.StatusSuperseded} {
		for index := len(revisions) - 1; index >= 0; index-- {
			if revisions[index].Info.Status == status {
				return revisions[index]
			}
		}
	}
	return revisions[len(revisions)-1]
}

// ComparedByUpgrade is the revision that Helm compares an upgrade with: the deployed one, or the newest if none is
// deployed.
func ComparedByUpgrade(revisions []*release.Release) *release.Release {
	for _, revision := range slices.Backward(revisions) {
		if revision.Info.Status == common.StatusDeployed {
			return revision
		}
	}
	return revisions[len(revisions)-1]
}

// NewestState is the newest of the revisions as it is before an uninstall marks it; nil if there is none.
func NewestState(revisions []*release.Release) *release.Release {
	if len(revisions) == 0 {
		return nil
	}
	newest := record.Copy(revisions[len(revisions)-1])
	if newest.Info.Status == common.StatusUninstalling {
		newest.Info.Status, newest.Info.Description = StateAfterRemoval(revisions), "an earlier delete did not come to an end"
		newest.Info.Deleted = time.Time{}
	}
	return newest
}

// StateAfterRemoval is the status of the newest revision before a crashed delete marked it: failed if an earlier one is
// deployed, else deployed.
func StateAfterRemoval(revisions []*release.Release) common.Status {
	for _, revision := range revisions {
		if revision.Info.Status == common.StatusDeployed {
			return common.StatusFailed
		}
	}
	return common.StatusDeployed
}

// ServerSide tells whether Helm applies a release server-side; only then there are conflicts to force.
func ServerSide(revision *release.Release) bool {
	return revision.ApplyMethod == string(release.ApplyMethodServerSideApply)
}

// IsUninstalled reports whether an uninstall kept the revision, even if a later install has superseded it.
func IsUninstalled(revision *release.Release) bool {
	switch revision.Info.Status {
	case common.StatusUninstalled:
		return true
	case common.StatusSuperseded:
		return !revision.Info.Deleted.IsZero()
	default:
		return false
	}
}
