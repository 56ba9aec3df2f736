package action

import (
	"errors"

	chartutil "helm.sh/helm/v4/pkg/chart/common/util"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	chartv2util "helm.sh/helm/v4/pkg/chart/v2/util"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/chart"
	"walm.io/engine/client"
	"walm.io/engine/history"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/refusal"
	"walm.io/engine/rendering"
)

// checkName refuses names that Helm refuses, and the server's own namespace. Errors: RELEASE_NAME_INVALID,
// NAMESPACE_NOT_FOUND, NAMESPACE_RESERVED.
func (o *operation) checkName() error {
	if err := chartv2util.ValidateReleaseName(o.target.Name); err != nil {
		return problem.New(problem.ReleaseNameInvalid, "release name %q: %s", o.target.Name, err)
	}
	if o.target.Namespace == "" {
		return problem.New(problem.NamespaceNotFound, "release %s needs a namespace", o.target.Name)
	}
	if reserved := o.Cluster.Reserved(); reserved != "" && o.target.Namespace == reserved {
		return client.ReservedProblem(reserved)
	}
	return nil
}

// checkNamespace refuses a missing or terminating namespace, before anything is written. For a caller who may not read
// namespaces, the namespace is assumed to exist. Errors: NAMESPACE_NOT_FOUND, NAMESPACE_TERMINATING.
func (o *operation) checkNamespace() error {
	core, err := o.session.Core()
	if err != nil {
		return err
	}
	namespace, err := core.Namespaces().Get(o.ctx, o.target.Namespace, metav1.GetOptions{})
	switch {
	case apierrors.IsNotFound(err):
		return refusal.NamespaceMissing(o.target.Namespace)
	case apierrors.IsForbidden(err):
		return nil
	case err != nil:
		return err
	case namespace.Status.Phase == corev1.NamespaceTerminating:
		return refusal.NamespaceTerminating(o.target.Namespace)
	default:
		return nil
	}
}

// history returns all revisions, oldest first; none if there is no release.
func (o *operation) history() ([]*release.Release, error) {
	records, err := o.records.ReadAhead(o.target.Name)
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return history.ToReleases(records)
}

// checkFree refuses a name in use. A name counts as free if its newest revision was uninstalled and kept, or all since
// then failed. Errors: RELEASE_EXISTS, RELEASE_LOCKED.
func (o *operation) checkFree(revisions []*release.Release) error {
	newest := history.Present(revisions)
	if newest == nil {
		return nil
	}
	if err := o.checkUnlocked(newest); err != nil {
		return err
	}
	if !history.IsFree(revisions) {
		return o.exists().With("revision", newest.Version).With("status", newest.Info.Status.String())
	}
	return nil
}

// checkUnlocked refuses a release with an operation in progress, or a crashed one. Error: RELEASE_LOCKED.
func (o *operation) checkUnlocked(newest *release.Release) error {
	if status := newest.Info.Status; history.IsInProgress(status) {
		return problem.New(problem.ReleaseLocked,
			"release %s in namespace %s is locked: revision %d is %s since %s; wait for that operation, or force its end",
			o.target.Name, o.target.Namespace, newest.Version, status, rfc3339(newest.Info.LastDeployed)).
			With("revision", newest.Version).With("status", status.String()).With("since", rfc3339(newest.Info.LastDeployed))
	}
	return nil
}

// prepareChart loads the chart and prepares it like Helm before rendering: dependencies, conditions and imported values
// are processed, the cluster's version and the values are checked. Errors: CHART_*, VALUES_INVALID,
// VALUES_SCHEMA_INVALID, KUBE_VERSION_INCOMPATIBLE, RELEASE_TOO_LARGE.
func (o *operation) prepareChart(content rendering.Content) (*helmchart.Chart, error) {
	loaded, err := o.Charts.Load(o.ctx, o.target.caller(), content.Chart)
	if err != nil {
		return nil, err
	}
	if err := chart.CheckInstallable(loaded); err != nil {
		return nil, err
	}
	o.report(progress.Step{Phase: progress.PhaseValidate, Message: "checking the values for chart " + loaded.Name()})
	if err := chartv2util.ProcessDependencies(loaded, content.Values); err != nil {
		return nil, problem.New(problem.ValuesInvalid, "the values do not fit the dependencies of chart %s: %s", loaded.Name(), err).Because(err)
	}
	version := o.helm.Capabilities.KubeVersion
	if wanted := loaded.Metadata.KubeVersion; wanted != "" && !chartv2util.IsCompatibleRange(wanted, version.String()) {
		return nil, problem.New(problem.KubeVersionIncompatible,
			"chart requires kubeVersion: %s which is incompatible with Kubernetes %s", wanted, version.Version).
			With("required", wanted).With("kubernetesVersion", version.Version)
	}
	coalesced, err := chartutil.CoalesceValues(loaded, content.Values)
	if err != nil {
		return nil, problem.New(problem.ValuesInvalid, "the values do not fit chart %s: %s", loaded.Name(), err).Because(err)
	}
	if err := chart.ValidateValues(loaded, coalesced, o.FetchSchema); err != nil {
		return nil, err
	}
	// The known part of the record is checked before definitions are written.
	return loaded, history.CheckSize(&release.Release{
		Name: o.target.Name, Namespace: o.target.Namespace, Chart: loaded, Config: content.Values,
	}, o.Records.Limits.DecompressedBytes)
}

// render connects the chart with Helm: it returns the chart to run and makes records show the real one. Errors:
// TEMPLATE_FAILED, TEMPLATE_TIMEOUT.
func (o *operation) render(loaded *helmchart.Chart, content rendering.Content) (*helmchart.Chart, *rendering.Run, error) {
	literal, rendered, err := o.rendering.Prepare(loaded, content, o.sealer(content.SealToken))
	if err != nil {
		return nil, nil, err
	}
	o.helm.CustomTemplateFuncs = rendered.Functions()
	o.records.Stand(literal, loaded, content.Values)
	return literal, rendered, nil
}

// convertRecorded makes records be converted when they are built.
func (o *operation) convertRecorded(transform *rendering.Transform, everything bool) {
	if transform != nil {
		o.kube.Recorded, o.kube.Everything = o.rendering.Transformer(transform).BuildRecorded, everything
	}
}
