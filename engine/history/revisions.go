package history

import (
	"slices"
	"time"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/record"
)

// The functions of this file take all revisions of a release, oldest first. They are tested with
// testdata/rules/histories.json, like those of the server (domain/revisions).

// IsInProgress tells whether an operation on a revision with this status is running, or crashed.
func IsInProgress(status common.Status) bool {
	return status.IsPending() || status == common.StatusUninstalling
}

// Newest is the newest revision; nil if there is none.
func Newest(revisions []*release.Release) *release.Release {
	return walkBack(revisions, func(*release.Release) bool { return true })
}

// Find is the revision with this number; nil if it is not kept.
func Find(revisions []*release.Release, version int) *release.Release {
	return walkBack(revisions, func(revision *release.Release) bool { return revision.Version == version })
}

// Present is the newest revision of an existing release; nil if none is recorded, or the release was uninstalled.
func Present(revisions []*release.Release) *release.Release { return Newest(current(revisions)) }

// Deployed is the newest revision with the status deployed; nil if there is none.
func Deployed(revisions []*release.Release) *release.Release {
	return walkBack(revisions, has(common.StatusDeployed))
}

// IsFree tells whether a new release may take the name: no record, uninstalled, or only failed revisions since then.
func IsFree(revisions []*release.Release) bool {
	return walkBack(current(revisions), func(revision *release.Release) bool {
		return revision.Info.Status != common.StatusFailed
	}) == nil
}

// AppliedOf finds the newest revision that was really applied: failed and unfinished revisions do not count. Without any
// it is the newest; nil if there is no revision.
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

// walkBack finds the newest revision for which `holds` is true; nil if there is none.
func walkBack(revisions []*release.Release, holds func(*release.Release) bool) *release.Release {
	for _, revision := range slices.Backward(revisions) {
		if holds(revision) {
			return revision
		}
	}
	return nil
}

// current omits the revisions from before the release was uninstalled: they belong to a former release.
func current(revisions []*release.Release) []*release.Release {
	ended := walkBack(revisions, IsUninstalled)
	return revisions[slices.Index(revisions, ended)+1:]
}

func has(status common.Status) func(*release.Release) bool {
	return func(revision *release.Release) bool { return revision.Info.Status == status }
}

// isInForce tells whether the status of a revision says that it runs.
func isInForce(revision *release.Release) bool {
	return !isAttempt(revision) && revision.Info.Status != common.StatusSuperseded
}

// isAttempt tells whether a revision is an attempt that is not, or not yet, running.
func isAttempt(revision *release.Release) bool {
	return revision.Info.Status == common.StatusFailed || IsInProgress(revision.Info.Status)
}

// wasApplied tells whether a revision is or was applied: a failed attempt may have been superseded since.
func wasApplied(revision *release.Release) bool {
	return !isAttempt(revision) && !isAborted(revision.Info.Description)
}
