package action

import (
	"context"
	"errors"
	"regexp"
	"time"

	helmaction "helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/kube"
	helmrelease "helm.sh/helm/v4/pkg/release"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"walm.io/engine/cluster"
	"walm.io/engine/excerpt"
	"walm.io/engine/history"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/rendering"
)

// quotedBytes is the maximum length of an error that may quote a whole manifest.
const quotedBytes = 500

// UninstallRequest asks to uninstall a release.
type UninstallRequest struct {
	Target

	TimeoutMs    int64 `json:"timeoutMs"`
	KeepHistory  bool  `json:"keepHistory,omitempty"`
	DisableHooks bool  `json:"disableHooks,omitempty"`
	// Wait also waits for the pods of the release's workloads.
	Wait bool `json:"wait,omitempty"`
	// Transform is called only if the record contains kinds that the cluster no longer serves.
	Transform *rendering.Transform `json:"transform,omitempty"`
}

// Removed is the result of an uninstall.
type Removed struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	Revision  int    `json:"revision"`
	// Kept are the objects that stay; a warning about each says why.
	Kept     []problem.ObjectRef `json:"kept"`
	Warnings []problem.Warning   `json:"warnings"`
}

// Uninstall is `helm uninstall`. With Wait, dependents are deleted in the foreground: an object is then gone only after
// everything it created, so waiting for the objects includes their pods.
func (s *Services) Uninstall(ctx context.Context, request UninstallRequest, report progress.Reporter) (*Removed, error) {
	op, err := s.begin(ctx, request.Target, report)
	if err != nil {
		return nil, s.beginProblem(request.Target, err)
	}
	removed, err := op.uninstall(request)
	return removed, op.problemOf(err)
}

func (o *operation) uninstall(request UninstallRequest) (*Removed, error) {
	if err := o.checkName(); err != nil {
		return nil, err
	}
	o.convertRecorded(request.Transform, true)
	revisions, err := o.history()
	if err != nil {
		return nil, err
	}
	before := history.NewestState(revisions)
	if err := o.removeBeside(revisions); err != nil {
		return nil, err
	}
	o.claims.Within(time.Duration(request.TimeoutMs) * time.Millisecond)
	o.session.ReadBriefly()
	o.records.Shortens = true
	run := helmaction.NewUninstall(o.helm)
	run.DisableHooks = request.DisableHooks
	run.KeepHistory = request.KeepHistory
	run.Timeout = time.Duration(request.TimeoutMs) * time.Millisecond
	run.DeletionPropagation = "background"
	if request.Wait {
		run.DeletionPropagation = "foreground"
	}
	run.WaitStrategy, run.WaitOptions = o.waiting(request.Wait)
	response, err := run.Run(o.target.Name)
	if err != nil {
		left := o.giveBack(before)
		// Helm names only the release when objects could not be deleted.
		return nil, o.unsettled(errors.Join(append([]error{err, o.unreadableManifest()}, o.kube.DeleteErrors()...)...), left)
	}
	if response == nil || response.Release == nil {
		return nil, o.notFound()
	}
	record, err := history.ToRelease(response.Release)
	if err != nil {
		return nil, err
	}
	if !request.KeepHistory {
		if err := o.records.RemoveUnreadable(o.target.Name); err != nil {
			return nil, err
		}
	}
	kept := o.keptObjects(record, response)
	return &Removed{Name: record.Name, Namespace: record.Namespace, Revision: record.Version, Kept: kept, Warnings: o.warnings}, nil
}

// unreadableManifest reports that Helm could not parse the manifest of the newest revision, which Helm itself does not
// report.
func (o *operation) unreadableManifest() error {
	cause := o.kube.Unbuilt
	if cause == nil {
		revisions, err := o.history()
		newest := history.Newest(revisions)
		if err != nil || newest == nil {
			return nil
		}
		files := releaseutil.SplitManifests(newest.Manifest)
		if _, _, cause = releaseutil.SortManifests(files, nil, releaseutil.UninstallOrder); cause == nil {
			return nil
		}
	}
	return problem.New(problem.ManifestInvalid,
		"what release %s recorded cannot be read as objects, so none of them was removed: %s; remove its objects by hand, and then its records, the Secrets of namespace %s with the labels owner=helm,name=%s",
		o.target.Name, excerpt.Of(cause.Error(), quotedBytes), o.target.Namespace, o.target.Name).Because(cause)
}

// foreignObject matches how Helm names an object that it left because the release does not own it.
var foreignObject = regexp.MustCompile(`(?m)^\[(\S+)\] ([^\s:]+)`)

// removeBeside removes what failed revisions left together with the objects of the newest one, after the pre-delete
// hooks.
func (o *operation) removeBeside(revisions []*release.Release) error {
	newest := history.Newest(revisions)
	if newest == nil {
		return nil
	}
	if err := o.findLeftovers(revisions, newest.Version); err != nil {
		return err
	}
	o.records.Uninstalling = func() { o.kube.WithBeside = true }
	return nil
}

// keptObjects lists the objects that were left in place: because of their own policy, because the release does not own
// them, or because of what would be deleted with them.
func (o *operation) keptObjects(record *release.Release, response *helmrelease.UninstallReleaseResponse) []problem.ObjectRef {
	named := map[[2]string]bool{}
	for _, match := range foreignObject.FindAllStringSubmatch(response.Info, -1) {
		named[[2]string{match[1], match[2]}] = true
	}
	for _, document := range manifest.DocumentsOf(record.Manifest, record.Namespace, o.Cluster.Scopes(o.ctx, nil)) {
		switch object := document.Ref(); {
		case isKept(document):
			o.kube.LeaveObject(object, "its resource policy says that it is kept")
		case named[[2]string{document.Kind, document.Name}]:
			o.kube.LeaveObject(object, "it is not marked as the release's own any longer")
		}
	}
	return append([]problem.ObjectRef{}, cluster.InOrder(o.kube.Left)...)
}

func isKept(document manifest.Document) bool {
	return manifest.TextAt(document.Object, "metadata", "annotations", kube.ResourcePolicyAnno) == kube.KeepPolicy
}

// giveBack restores the status of a release that could not be deleted, so that it can be changed and deleted at once.
// The state of its objects shows which are gone. If that cannot be written, the release stays locked; the error says
// why.
func (o *operation) giveBack(before *release.Release) error {
	if before == nil {
		return nil
	}
	after, cancel, err := o.detached(settleTime)
	if err != nil {
		return err
	}
	defer cancel()
	recorded, err := after.helm.Releases.Get(before.Name, before.Version)
	if err != nil {
		return err
	}
	left, err := history.ToRelease(recorded)
	if err != nil || left.Info.Status != common.StatusUninstalling {
		return err
	}
	left.Info.Status, left.Info.Description, left.Info.Deleted = before.Info.Status, before.Info.Description, before.Info.Deleted
	if err := after.helm.Releases.Update(left); err != nil {
		o.Log.Warn("a release that could not be deleted stays marked as uninstalling", "release", before.Name,
			"namespace", o.target.Namespace, "revision", before.Version, "error", err)
		return err
	}
	return nil
}
