package action

import (
	"context"
	"errors"
	"time"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"

	"walm.io/engine/excerpt"
	"walm.io/engine/history"
	"walm.io/engine/problem"
)

// settleTime bounds what is written to end an operation that failed.
const settleTime = 10 * time.Second

// settle ensures that a failed operation leaves no revision of its own pending: Helm cannot mark a revision as failed
// once its requests fail, for example after a cancellation. If the cluster was unreachable the description says so,
// which Helm's own does not. The error is returned unchanged, unless even that could not be written.
func (o *operation) settle(failure error) error {
	left := o.records.Last()
	away := problem.HasCode(o.classify(failure), problem.ClusterUnreachable)
	isBlamed := left != nil && left.Info.Status == common.StatusFailed && !history.IsCutOff(left.Info.Description)
	if left == nil || !(left.Info.Status.IsPending() || (away && isBlamed)) {
		return failure
	}
	after, cancel, err := o.detached(settleTime)
	if err == nil {
		defer cancel()
		description := failure.Error()
		switch {
		case o.cancelled():
			description = history.Cancelled
		case away:
			description = history.MarkCutOff(description)
		default:
			after.records.Failed = func() *problem.Problem { return o.recordable(failure) }
		}
		err = after.fail(left, description)
	}
	if err != nil {
		o.Log.Warn("a revision could not be marked as failed", "release", o.target.Name, "namespace", o.target.Namespace,
			"revision", left.Version, "error", err)
	}
	return o.unsettled(failure, err)
}

// unsettled is the answer of a failed operation that could not record its failure; nil for none. The failure itself
// would end the change and leave its release locked: if the cluster was unreachable, the outcome is unknown, and the
// caller observes the release again. A cancelled operation is settled by the caller that cancelled it.
func (o *operation) unsettled(failure, unwritten error) error {
	if o.cancelled() || !problem.HasCode(o.classify(unwritten), problem.ClusterUnreachable) {
		return failure
	}
	return problem.New(problem.ClusterUnreachable,
		"the operation on release %s in namespace %s failed, and the cluster did not answer when the failure was to be recorded",
		o.target.Name, o.target.Namespace).Because(errors.Join(failure, unwritten))
}

func (o *operation) fail(revision *release.Release, description string) error {
	const maxDescription = 256
	revision.SetStatus(common.StatusFailed, excerpt.Of(description, maxDescription))
	return o.helm.Releases.Update(revision)
}

// SettleRequest asks to end a revision whose operation crashed.
type SettleRequest struct {
	Target

	Revision int `json:"revision"`
	// Description is the new description of a revision that is marked as failed.
	Description string `json:"description"`
}

// Settle ends what an operation left unfinished: its revision is marked as failed if it is pending, gets its former
// status if it is uninstalling, and if it is already deployed, earlier revisions with that status are marked as
// superseded. Everything else stays as it is. Errors: RELEASE_NOT_FOUND.
func (s *Services) Settle(ctx context.Context, request SettleRequest) error {
	op, err := s.begin(ctx, request.Target, nil)
	if err != nil {
		return s.beginProblem(request.Target, err)
	}
	return op.problemOf(op.settleRevision(request))
}

func (o *operation) settleRevision(request SettleRequest) error {
	if err := o.checkName(); err != nil {
		return err
	}
	record, err := o.helm.Releases.Get(o.target.Name, request.Revision)
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return problem.New(problem.ReleaseNotFound, "release %s in namespace %s has no revision %d", o.target.Name, o.target.Namespace, request.Revision).Because(err)
	}
	if err != nil {
		return err
	}
	revision, err := history.ToRelease(record)
	if err != nil {
		return err
	}
	switch status := revision.Info.Status; {
	case status == common.StatusDeployed:
		return o.supersedeBefore(revision.Version)
	case status.IsPending():
		return o.fail(revision, request.Description)
	case status == common.StatusUninstalling:
		return o.giveUpRemoval(revision, request.Description)
	default:
		return nil
	}
}

// giveUpRemoval restores the former status of a release whose delete crashed: nothing is known to be wrong with it.
func (o *operation) giveUpRemoval(revision *release.Release, why string) error {
	revisions, err := o.history()
	if err != nil {
		return err
	}
	revision.Info.Deleted = time.Time{}
	revision.SetStatus(history.StateAfterRemoval(revisions), history.RemovalGivenUp+why)
	return o.helm.Releases.Update(revision)
}

// supersedeBefore is the last step of a rewrite: the deployed revision stays deployed until the new one is, too.
func (o *operation) supersedeBefore(version int) error {
	records, err := o.helm.Releases.DeployedAll(o.target.Name)
	if err != nil {
		return err
	}
	deployed, err := history.ToReleases(records)
	if err != nil {
		return err
	}
	for _, revision := range deployed {
		if revision.Version < version {
			revision.Info.Status = common.StatusSuperseded
			if err := o.helm.Releases.Update(revision); err != nil {
				return err
			}
		}
	}
	return nil
}

// outcome is the revision as it was recorded. Helm reports success even if its last write of the record failed; here
// that write is retried once, and then it is an error.
func (o *operation) outcome() (*Release, error) {
	recorded := o.records.Last()
	if recorded == nil {
		return nil, errors.New("helm reported success without a record")
	}
	if recorded.Info.Status.IsPending() {
		recorded.Info.Status = common.StatusDeployed
		if err := o.helm.Releases.Update(recorded); err != nil {
			return nil, o.problemOf(err)
		}
	}
	return o.describe(recorded, recorded.Version), nil
}
