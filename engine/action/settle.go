package action

import (
	"context"
	"errors"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"

	"walm.io/engine/problem"
)

// cutOff begins the description of a revision whose operation did not fail by itself: the cluster went away meanwhile.
// Whoever carries out changes knows by it that the change may be begun anew.
const cutOff = "interrupted: "

// settle makes sure that a failed operation leaves no revision of its own pending: Helm cannot mark a revision as
// failed once its requests fail, for example after a cancellation. Where the cluster was away the description says so;
// Helm's own does not tell that from a failure. The error is returned as it came.
func (o *operation) settle(failure error) error {
	left := o.records.last()
	away := problem.HasCode(o.problemOf(failure), problem.ClusterUnreachable)
	if left == nil || !(left.Info.Status.IsPending() || (away && left.Info.Status == common.StatusFailed)) {
		return failure
	}
	after, cancel, err := o.detached()
	if err == nil {
		defer cancel()
		description := failure.Error()
		switch {
		case o.cancelled():
			description = "cancelled"
		case away:
			description = cutOff + description
		}
		err = after.fail(left, description)
	}
	if err != nil {
		o.Log.Warn("a revision could not be marked as failed", "release", o.target.Name, "namespace", o.target.Namespace,
			"revision", left.Version, "error", err)
	}
	return failure
}

func (o *operation) fail(revision *release.Release, description string) error {
	const maxDescription = 256
	if len(description) > maxDescription {
		description = description[:maxDescription]
	}
	revision.SetStatus(common.StatusFailed, description)
	return o.helm.Releases.Update(revision)
}

// Settlement asks to mark a revision as failed whose operation died.
type Settlement struct {
	Target

	Revision    int    `json:"revision"`
	Description string `json:"description"`
}

// MarkFailed settles a revision that is pending or uninstalling; one that is already settled stays as it is.
// Errors: RELEASE_NOT_FOUND.
func (s *Services) MarkFailed(ctx context.Context, request Settlement) error {
	op, err := s.begin(ctx, request.Target, nil)
	if err != nil {
		return s.beginProblem(request.Target, err)
	}
	return op.problemOf(op.markFailed(request))
}

func (o *operation) markFailed(request Settlement) error {
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
	revision, err := toRelease(record)
	if err != nil {
		return err
	}
	if status := revision.Info.Status; !status.IsPending() && status != common.StatusUninstalling {
		return nil
	}
	return o.fail(revision, request.Description)
}

// outcome is the revision as it was recorded. Helm calls an operation successful even if its last write of the
// record failed; here that write is tried once more, and then it is an error.
func (o *operation) outcome() (*Release, error) {
	recorded := o.records.last()
	if recorded == nil {
		return nil, errors.New("helm reported success without a record")
	}
	if recorded.Info.Status.IsPending() {
		recorded.Info.Status = common.StatusDeployed
		if err := o.helm.Releases.Update(recorded); err != nil {
			return nil, o.problemOf(err)
		}
	}
	return o.describe(recorded), nil
}
