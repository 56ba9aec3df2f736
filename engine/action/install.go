package action

import (
	"context"
	"fmt"
	"time"

	helmaction "helm.sh/helm/v4/pkg/action"

	"walm.io/engine/guard"
	"walm.io/engine/history"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/rendering"
)

// InstallRequest asks for a new release.
type InstallRequest struct {
	Target
	rendering.Content

	Description    string `json:"description,omitempty"`
	TimeoutMs      int64  `json:"timeoutMs"`
	CRDs           string `json:"crds"`
	Wait           bool   `json:"wait,omitempty"`
	ForceConflicts bool   `json:"forceConflicts,omitempty"`
}

// Install is `helm install`, for free names.
func (s *Services) Install(ctx context.Context, request InstallRequest, report progress.Reporter) (*Release, error) {
	return s.writeRevision(ctx, request.Target, request.TimeoutMs, report, func(op *operation) error { return op.install(request) })
}

func (o *operation) install(request InstallRequest) error {
	if err := o.checkName(); err != nil {
		return err
	}
	reading := guard.InBackground(o.history)
	namespace := guard.InBackground(func() (struct{}, error) { return struct{}{}, o.checkNamespace() })
	loaded, err := o.prepareChart(request.Content)
	if err != nil {
		return err
	}
	revisions, err := reading()
	if err != nil {
		return err
	}
	if err := o.checkFree(revisions); err != nil {
		return err
	}
	if _, err := namespace(); err != nil {
		return err
	}
	definitions, err := o.chartDefinitions(loaded, request.Transform)
	if err != nil {
		return err
	}
	if request.CRDs != rendering.CRDsSkip {
		if err := o.checkDefinitions(definitions); err != nil {
			return err
		}
	}
	if err := o.installCRDs(definitions, request.CRDs, request.ForceConflicts); err != nil {
		return err
	}
	o.rendering.KnowKinds(loaded, request.CRDs)
	literal, rendered, err := o.render(loaded, request.Content)
	if err != nil {
		return err
	}
	rendered.Definitions = func(hooks manifest.Entries) error {
		return o.installCRDs(hooks, request.CRDs, request.ForceConflicts)
	}
	o.kube.ReadAhead, o.kube.Adopts = true, true

	run := helmaction.NewInstall(o.helm)
	run.ReleaseName = o.target.Name
	run.Namespace = o.target.Namespace
	run.Description = request.Description
	run.Labels = request.Labels
	run.DisableHooks = request.DisableHooks
	run.ForceConflicts = request.ForceConflicts
	run.SkipCRDs = true
	run.Replace = len(revisions) > 0
	run.Timeout = time.Duration(request.TimeoutMs) * time.Millisecond
	run.WaitStrategy, run.WaitOptions = o.waiting(request.Wait)
	_, err = run.RunWithContext(o.uncancelled(), literal, map[string]any{})
	if err = rendered.FirstError(err); err != nil {
		return o.giveBackAdopted(err)
	}
	if len(revisions) == 0 {
		return nil
	}
	// An uninstall that kept the history marks its newest revision only: if that had failed, the one before is still deployed.
	return o.supersedeBefore(history.Newest(revisions).Version + 1)
}

// giveBackAdopted gives what a failed install took over its former content back. The failure is returned, with what could
// not be given back.
func (o *operation) giveBackAdopted(failure error) error {
	if !o.kube.HasAdopted() || problem.HasCode(o.classify(failure), problem.ClusterUnreachable) {
		return failure
	}
	after, cancel, err := o.detached(settleTime)
	if err != nil {
		return failure
	}
	defer cancel()
	if err := after.kube.GiveBackAdopted(o.kube); err != nil {
		return fmt.Errorf("%w; what it had taken over could not be given its content back: %s", failure, after.problemOf(err))
	}
	return failure
}
