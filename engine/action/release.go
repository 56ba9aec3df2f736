package action

import (
	"time"

	chartutil "helm.sh/helm/v4/pkg/chart/common/util"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"

	"walm.io/engine/chart"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/record"
	"walm.io/engine/seal"
)

// Summary is what a list or a history shows of one revision. Times are RFC 3339.
type Summary struct {
	Name          string            `json:"name"`
	Namespace     string            `json:"namespace"`
	Revision      int               `json:"revision"`
	Status        string            `json:"status"`
	ChartName     string            `json:"chartName"`
	ChartVersion  string            `json:"chartVersion"`
	AppVersion    string            `json:"appVersion"`
	Updated       string            `json:"updated"`
	FirstDeployed string            `json:"firstDeployed"`
	Description   string            `json:"description"`
	Labels        map[string]string `json:"labels"`
}

// Hook is a recorded hook.
type Hook struct {
	manifest.HookFacts

	Name       string `json:"name"`
	Kind       string `json:"kind"`
	APIVersion string `json:"apiVersion"`
	Path       string `json:"path"`
	Manifest   string `json:"manifest"`
	// Ran tells that the operation that made the revision, or a test of it, ran the hook.
	Ran bool `json:"ran,omitempty"`
}

// Release is one recorded revision in full.
type Release struct {
	Summary

	Config         map[string]any
	ComputedValues map[string]any
	Manifest       string
	Hooks          []Hook
	Notes          string
	ChartMetadata  *helmchart.Metadata
	Objects        []manifest.Document
	// ReleaseConfig is complete, with values that it leaves to the record.
	ReleaseConfig map[string]any
	// ConfigAt is the index of the ReleaseConfig among the objects; nil if none has the same content, or the objects are
	// incomplete.
	ConfigAt  *int
	Schemas   []chart.Schema
	MetaFiles map[string][]byte
	// Seal is what a seal is verified against; nil if the revision carries none that could be valid.
	Seal *seal.Facts
	// Failure is what the operation that made a failed revision failed with; nil if it is not known, or not asked for.
	Failure *problem.Problem
	// Warnings are those of the operation that returned this answer.
	Warnings []problem.Warning
}

// describe returns everything about a recorded revision; the number is that of its Secret.
func (o *operation) describe(recorded *release.Release, revision int) *Release {
	described := &Release{
		Summary:   summarise(recorded),
		Config:    recorded.Config,
		Manifest:  recorded.Manifest,
		Notes:     recorded.Info.Notes,
		Hooks:     []Hook{},
		Objects:   withDigests(manifest.DocumentsOf(recorded.Manifest, recorded.Namespace, o.Cluster.Scopes(o.ctx, nil))),
		MetaFiles: map[string][]byte{},
		Schemas:   []chart.Schema{},
		Warnings:  append([]problem.Warning{}, o.warnings...),
	}
	if described.Config == nil {
		described.Config = map[string]any{}
	}
	described.ComputedValues = described.Config
	if recorded.Chart != nil {
		o.describeChart(recorded, described)
	}
	for _, hook := range recorded.Hooks {
		described.Hooks = append(described.Hooks, describeHook(hook))
	}
	for at, object := range described.Objects {
		if object.Kind == manifest.ReleaseConfigKind && object.APIVersion == manifest.ReleaseConfigVersion && object.Name == recorded.Name {
			described.ReleaseConfig, described.ConfigAt = object.Object, &at
			if whole, left := manifest.WithRecorded(object.Object, recorded.Config); left {
				described.ReleaseConfig, described.ConfigAt = whole, nil
			}
		}
	}
	seal, err := seal.FactsOf(recorded, record.Place{Namespace: o.target.Namespace, Name: o.target.Name, Revision: revision}, described.Objects)
	if err != nil {
		o.Log.Warn("the seal of a recorded release cannot be looked at", "release", o.target.Name, "namespace", o.target.Namespace, "error", err)
	}
	described.Seal = seal
	return described
}

func (o *operation) describeChart(recorded *release.Release, described *Release) {
	inspected := chart.Describe(recorded.Chart)
	described.ChartMetadata = inspected.Metadata
	described.Schemas = inspected.Schemas
	described.MetaFiles = inspected.MetaFiles
	computed, err := chartutil.CoalesceValues(recorded.Chart, recorded.Config)
	if err != nil {
		o.Log.Warn("the values of a recorded release do not fit its chart", "release", recorded.Name, "namespace", recorded.Namespace, "error", err)
		return
	}
	described.ComputedValues = computed
}

func describeHook(hook *release.Hook) Hook {
	described := Hook{HookFacts: *manifest.FactsOfHook(hook), Name: hook.Name, Kind: hook.Kind, Path: hook.Path, Manifest: hook.Manifest}
	described.Ran = !hook.LastRun.StartedAt.IsZero()
	if object, err := manifest.ParseObject(hook.Manifest); err == nil {
		described.APIVersion = manifest.TextAt(object, "apiVersion")
	}
	return described
}

func summarise(recorded *release.Release) Summary {
	summary := Summary{
		Name:      recorded.Name,
		Namespace: recorded.Namespace,
		Revision:  recorded.Version,
	}
	if info := recorded.Info; info != nil {
		summary.Status = info.Status.String()
		summary.Description = info.Description
		summary.Updated = rfc3339(info.LastDeployed)
		summary.FirstDeployed = rfc3339(info.FirstDeployed)
	}
	if recorded.Chart != nil && recorded.Chart.Metadata != nil {
		summary.ChartName = recorded.Chart.Metadata.Name
		summary.ChartVersion = recorded.Chart.Metadata.Version
		summary.AppVersion = recorded.Chart.Metadata.AppVersion
	}
	summary.Labels = ownLabels(recorded.Labels)
	return summary
}

// statusUnreadable replaces Helm's status if the record of a revision cannot be read; its description is the reason.
const statusUnreadable = "unreadable"

// unreadableSummary is what is known of an unreadable record: its place, and why.
func unreadableSummary(place record.Place, why error) Summary {
	summary := Summary{
		Name: place.Name, Namespace: place.Namespace, Revision: place.Revision,
		Status: statusUnreadable, Labels: map[string]string{},
	}
	if unreadable, ok := problem.From(why); ok {
		summary.Description, _ = unreadable.Details["reason"].(string)
	}
	return summary
}

// ownLabels are the labels of a revision without those that Helm sets itself.
func ownLabels(recorded map[string]string) map[string]string {
	labels := map[string]string{}
	for key, value := range recorded {
		if !driver.ContainsSystemLabels(map[string]string{key: value}) {
			labels[key] = value
		}
	}
	return labels
}

func rfc3339(moment time.Time) string {
	if moment.IsZero() {
		return ""
	}
	return moment.UTC().Format(time.RFC3339Nano)
}
