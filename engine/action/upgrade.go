package action

import (
	"context"
	"time"

	helmaction "helm.sh/helm/v4/pkg/action"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/release/common"

	"walm.io/engine/problem"
)

// Upgrading asks for a new revision of a release.
type Upgrading struct {
	Installation

	// MaxHistory is the number of revisions to keep, 0 for all.
	MaxHistory int `json:"maxHistory"`
	// ExpectedRevision guards against lost updates; 0 for no guard.
	ExpectedRevision int `json:"expectedRevision,omitempty"`
}

// Upgrade is `helm upgrade --reset-values`: the values of the request are all that the user wants.
func (s *Services) Upgrade(ctx context.Context, request Upgrading, report Reporter) (*Release, error) {
	op, err := s.begin(ctx, request.Target, report)
	if err != nil {
		return nil, s.beginProblem(request.Target, err)
	}
	if err := op.upgrade(request); err != nil {
		return nil, op.problemOf(op.settle(err))
	}
	return op.outcome()
}

func (o *operation) upgrade(request Upgrading) error {
	loaded, err := o.prepareUpgrade(request.Content, request.ExpectedRevision)
	if err != nil {
		return err
	}
	// Helm leaves definitions alone when it upgrades.
	if request.CRDs == crdsApply {
		if err := o.installCRDs(loaded, crdsApply, request.ForceConflicts); err != nil {
			return err
		}
	}
	literal, rendered, err := o.render(loaded, request.Content)
	if err != nil {
		return err
	}
	run := o.upgradeRun(request.Content)
	run.Description = request.Description
	run.ForceConflicts = request.ForceConflicts
	run.MaxHistory = request.MaxHistory
	run.Timeout = time.Duration(request.TimeoutMs) * time.Millisecond
	run.WaitStrategy, run.WaitOptions = o.waiting(request.Wait)
	_, err = run.RunWithContext(o.uncancelled(), o.target.Name, literal, map[string]any{})
	return rendered.firstError(err)
}

func (o *operation) upgradeRun(content Content) *helmaction.Upgrade {
	run := helmaction.NewUpgrade(o.helm)
	run.Namespace = o.target.Namespace
	run.ResetValues = true
	run.Labels = content.Labels
	run.DisableHooks = content.DisableHooks
	run.SkipCRDs = true
	return run
}

// prepareUpgrade checks that the release is there and free to be changed, and loads the chart. Errors:
// RELEASE_NOT_FOUND, RELEASE_LOCKED, REVISION_MISMATCH, and those of prepareChart.
func (o *operation) prepareUpgrade(content Content, expected int) (*helmchart.Chart, error) {
	if err := o.checkName(); err != nil {
		return nil, err
	}
	revisions, err := o.history()
	if err != nil {
		return nil, err
	}
	if len(revisions) == 0 || revisions[len(revisions)-1].Info.Status == common.StatusUninstalled {
		return nil, o.notFound()
	}
	newest := revisions[len(revisions)-1]
	if err := o.checkUnlocked(newest); err != nil {
		return nil, err
	}
	if expected != 0 && expected != newest.Version {
		return nil, problem.New(problem.RevisionMismatch,
			"release %s in namespace %s is at revision %d, not %d: read it again and repeat the change",
			o.target.Name, o.target.Namespace, newest.Version, expected).
			With("revision", newest.Version).With("expected", expected)
	}
	return o.prepareChart(content)
}
