package action

import (
	"context"
	"maps"
	"time"

	helmaction "helm.sh/helm/v4/pkg/action"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/cluster"
	"walm.io/engine/history"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/rendering"
)

// UpgradeRequest asks for a new revision of a release.
type UpgradeRequest struct {
	InstallRequest

	// MaxHistory is the number of revisions to keep, 0 for all.
	MaxHistory int `json:"maxHistory"`
	// ExpectedRevision guards against lost updates; 0 for no guard.
	ExpectedRevision int `json:"expectedRevision,omitempty"`
	// Recreate is `orphan` or `delete` to recreate objects whose change is refused because a field is immutable.
	Recreate string `json:"recreate,omitempty"`
}

// Upgrade is `helm upgrade --reset-values`: the values of the request are the complete user values.
func (s *Services) Upgrade(ctx context.Context, request UpgradeRequest, report progress.Reporter) (*Release, error) {
	return s.writeRevision(ctx, request.Target, request.TimeoutMs, report, func(op *operation) error { return op.upgrade(request) })
}

func (o *operation) upgrade(request UpgradeRequest) error {
	loaded, revisions, err := o.prepareUpgrade(request.Content, request.ExpectedRevision)
	if err != nil {
		return err
	}
	newest := history.Newest(revisions)
	// Helm does not change definitions on upgrades.
	if request.CRDs == rendering.CRDsApply {
		definitions, err := o.chartDefinitions(loaded, request.Transform)
		if err != nil {
			return err
		}
		if err := o.checkDefinitions(definitions); err != nil {
			return err
		}
		if err := o.installCRDs(definitions, rendering.CRDsApply, request.ForceConflicts); err != nil {
			return err
		}
	}
	o.rendering.KnowKinds(loaded, request.CRDs)
	literal, rendered, err := o.renderUpgrade(loaded, request.Content, revisions)
	if err != nil {
		return err
	}
	if request.CRDs == rendering.CRDsApply {
		rendered.Definitions = func(hooks manifest.Entries) error {
			return o.installCRDs(hooks, rendering.CRDsApply, request.ForceConflicts)
		}
	}
	o.kube.Recreate, o.kube.MayRecreate, o.kube.NewAhead = request.Recreate, true, true
	if err := o.findLeftovers(revisions, history.ComparedByUpgrade(revisions).Version); err != nil {
		return err
	}
	run := o.upgradeRun(request.Content, newest)
	run.Description = request.Description
	run.ForceConflicts = o.applyAs(newest, request.ForceConflicts)
	o.records.MaxHistory, o.records.Base = request.MaxHistory, request.Content.GeneratedFrom
	run.Timeout = time.Duration(request.TimeoutMs) * time.Millisecond
	run.WaitStrategy, run.WaitOptions = o.waiting(request.Wait)
	o.kube.Earlier = cluster.BeforeOf(revisions)
	o.records.HoldOthers()
	_, err = run.RunWithContext(o.uncancelled(), o.target.Name, literal, map[string]any{})
	if err = rendered.FirstError(err); err == nil {
		return o.records.Release()
	}
	if o.kube.Refused {
		return o.takeBack(err, o.records.Last().Manifest, history.AppliedOf(revisions),
			kube.ClientUpdateOptionServerSideApply(history.ServerSide(newest), run.ForceConflicts))
	}
	return err
}

func (o *operation) upgradeRun(content rendering.Content, newest *release.Release) *helmaction.Upgrade {
	o.convertRecorded(content.Transform, false)
	run := helmaction.NewUpgrade(o.helm)
	run.Namespace = o.target.Namespace
	run.ResetValues = true
	run.Labels = exactly(content.Labels, newest.Labels)
	run.DisableHooks = content.DisableHooks
	run.SkipCRDs = true
	return run
}

// exactly returns the label changes that make Helm, which adds to the labels of the last revision, arrive at the wanted
// ones; nil keeps those.
func exactly(wanted, recorded map[string]string) map[string]string {
	if wanted == nil {
		return nil
	}
	labels := maps.Clone(wanted)
	for name := range ownLabels(recorded) {
		if _, kept := wanted[name]; !kept {
			labels[name] = "null"
		}
	}
	return labels
}

// prepareUpgrade checks that the release exists and is unlocked, and loads the chart. It also returns the revisions.
// Errors: RELEASE_NOT_FOUND, RELEASE_LOCKED, REVISION_MISMATCH, and those of prepareChart.
func (o *operation) prepareUpgrade(content rendering.Content, expected int) (*helmchart.Chart, []*release.Release, error) {
	revisions, err := o.changeable(expected)
	if err != nil {
		return nil, nil, err
	}
	loaded, err := o.prepareChart(content)
	return loaded, revisions, err
}

// renderUpgrade is render for an upgrade: generated values are kept from the revision that the request names, or else
// from the deployed one.
func (o *operation) renderUpgrade(loaded *helmchart.Chart, content rendering.Content, revisions []*release.Release) (*helmchart.Chart, *rendering.Run, error) {
	literal, rendered, err := o.render(loaded, content)
	if err != nil {
		return nil, nil, err
	}
	from, err := o.baseOf(revisions, content.GeneratedFrom)
	if err != nil {
		return nil, nil, err
	}
	return literal, rendered, o.rendering.KeepGenerated(rendered, content, from)
}

// changeable returns the revisions, oldest first, of a release that exists and is unlocked; 0 expects no particular
// revision. Errors: RELEASE_NOT_FOUND, RELEASE_LOCKED, REVISION_MISMATCH.
func (o *operation) changeable(expected int) ([]*release.Release, error) {
	if err := o.checkName(); err != nil {
		return nil, err
	}
	revisions, err := o.history()
	if err != nil {
		return nil, err
	}
	newest := history.Present(revisions)
	if newest == nil {
		return nil, o.notFound()
	}
	if err := o.checkUnlocked(newest); err != nil {
		return nil, err
	}
	if expected != 0 && expected != newest.Version {
		return nil, problem.New(problem.RevisionMismatch,
			"release %s in namespace %s is at revision %d, not %d: read it again and repeat the change",
			o.target.Name, o.target.Namespace, newest.Version, expected).
			With("revision", newest.Version).With("expected", expected)
	}
	return revisions, nil
}
