package history

import (
	"slices"
	"time"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/record"
)

// What follows is asked of all revisions of a release, oldest first, and judges the histories of
// testdata/rules/histories.json as the server does (domain/revisions).

// IsInProgress tells whether an operation on a revision with this status is going on, or died in the middle.
func IsInProgress(status common.Status) bool {
	return status.IsPending() || status == common.StatusUninstalling
}

// Newest is the newest revision; nil where there is none.
func Newest(revisions []*release.Release) *release.Release {
	return walkBack(revisions, func(*release.Release) bool { return true })
}

// Find is the revision with this number; nil where it is not kept.
func Find(revisions []*release.Release, version int) *release.Release {
	return walkBack(revisions, func(revision *release.Release) bool { return revision.Version == version })
}

// Present is the newest revision of a release that is there; nil where none is recorded, or it was uninstalled.
func Present(revisions []*release.Release) *release.Release { return Newest(current(revisions)) }

// Deployed is the newest revision that Helm says is deployed; nil where none is.
func Deployed(revisions []*release.Release) *release.Release {
	return walkBack(revisions, has(common.StatusDeployed))
}

// IsFree tells whether a new release may take the name: nothing recorded, uninstalled, or since then never anything but
// failed.
func IsFree(revisions []*release.Release) bool {
	return walkBack(current(revisions), func(revision *release.Release) bool {
		return revision.Info.Status != common.StatusFailed
	}) == nil
}

// AppliedOf finds the newest revision that was really applied: what failed or is under way is history and nothing else.
// Without any it is the newest; nil where there is no revision.
func AppliedOf(revisions []*release.Release) *release.Release {
	present := current(revisions)
	for _, wanted := range []func(*release.Release) bool{isInForce, has(common.StatusUninstalling), wasApplied} {
		if found := walkBack(present, wanted); found != nil {
			return found
		}
	}
	return Newest(revisions)
}

// ComparedByUpgrade is the revision that Helm compares an upgrade with: the deployed one, or the newest if none is
// deployed.
func ComparedByUpgrade(revisions []*release.Release) *release.Release {
	if deployed := Deployed(revisions); deployed != nil {
		return deployed
	}
	return Newest(revisions)
}

// NewestState is the newest of the revisions as it is before an uninstall marks it; nil if there is none.
func NewestState(revisions []*release.Release) *release.Release {
	if len(revisions) == 0 {
		return nil
	}
	newest := record.Copy(Newest(revisions))
	if newest.Info.Status == common.StatusUninstalling {
		newest.Info.Status, newest.Info.Description = StateAfterRemoval(revisions), "an earlier delete did not come to an end"
		newest.Info.Deleted = time.Time{}
	}
	return newest
}

// StateAfterRemoval is the status of the newest revision before a crashed delete marked it: failed if an earlier one is
// deployed, else deployed.
func StateAfterRemoval(revisions []*release.Release) common.Status {
	if Deployed(revisions) != nil {
		return common.StatusFailed
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

// walkBack finds the newest of the revisions for which something holds; nil where it holds for none.
func walkBack(revisions []*release.Release, holds func(*release.Release) bool) *release.Release {
	for _, revision := range slices.Backward(revisions) {
		if holds(revision) {
			return revision
		}
	}
	return nil
}

// current leaves out what was before the release was uninstalled: that was another one.
func current(revisions []*release.Release) []*release.Release {
	ended := walkBack(revisions, IsUninstalled)
	return revisions[slices.Index(revisions, ended)+1:]
}

func has(status common.Status) func(*release.Release) bool {
	return func(revision *release.Release) bool { return revision.Info.Status == status }
}

// isInForce tells of a revision that says so of itself that it runs.
func isInForce(revision *release.Release) bool {
	return !isAttempt(revision) && revision.Info.Status != common.StatusSuperseded
}

// isAttempt tells of a revision that was attempted, and is not, or not yet, what runs.
func isAttempt(revision *release.Release) bool {
	return revision.Info.Status == common.StatusFailed || IsInProgress(revision.Info.Status)
}

// wasApplied tells whether a revision was in force once, or is: an attempt that failed may have been superseded since.
func wasApplied(revision *release.Release) bool {
	return !isAttempt(revision) && !isAborted(revision.Info.Description)
}
