package rendering

import (
	"bytes"
	"slices"

	"helm.sh/helm/v4/pkg/chart/common"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	chartv2util "helm.sh/helm/v4/pkg/chart/v2/util"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/chart"
	"walm.io/engine/generated"
	"walm.io/engine/jsontext"
	"walm.io/engine/problem"
	"walm.io/engine/renderer"
)

// generatedAgain is the code of a warning about something that a chart generated again although nothing required it.
const generatedAgain = "GENERATED_ANEW"

// KeepGenerated makes an upgrade to the chart of a recorded revision keep what that chart generates at random. It does
// nothing for another chart, or for one that generates nothing.
func (h *Host) KeepGenerated(rendered *Run, content Content, from *release.Release) error {
	if !isSameChart(rendered.chart, from.Chart) || !generates(rendered.chart, content.Values) {
		return nil
	}
	former, err := h.Charts.Load(chart.WithinRoom(h.Context), h.Caller, content.Chart)
	if err != nil {
		return err
	}
	values := from.Config
	if values == nil {
		values = map[string]any{}
	}
	if err := chartv2util.ProcessDependencies(former, values); err != nil {
		// The record was made from other dependencies after all.
		h.warnRegenerated()
		return nil
	}
	recorded := &renderer.Recorded{Chart: renderer.TreeOf(former), Values: values, Documents: []string{from.Manifest}}
	for _, hook := range from.Hooks {
		recorded.Documents = append(recorded.Documents, hook.Manifest)
	}
	rendered.recorded = recorded
	return nil
}

// isSameChart compares a chart with one from a record, which has no subcharts.
func isSameChart(chart, recorded *helmchart.Chart) bool {
	return recorded != nil && recorded.Metadata != nil && chart.Metadata.Name == recorded.Metadata.Name &&
		chart.Metadata.Version == recorded.Metadata.Version &&
		slices.EqualFunc(chart.Templates, recorded.Templates, func(a, b *common.File) bool {
			return a.Name == b.Name && bytes.Equal(a.Data, b.Data)
		})
}

// generates tells whether templates of the chart, or values that may be templates, contain a generator function.
func generates(chart *helmchart.Chart, values map[string]any) bool {
	for _, layer := range []map[string]any{values, chart.Values} {
		// Values come from JSON and YAML, so they can be written as JSON.
		if text, err := jsontext.Marshal(layer); err == nil && generated.Named(text) {
			return true
		}
	}
	return slices.ContainsFunc(chart.Templates, func(file *common.File) bool { return generated.Named(file.Data) }) ||
		slices.ContainsFunc(chart.Dependencies(), func(subchart *helmchart.Chart) bool { return generates(subchart, nil) })
}

// warnRegenerated warns that nothing generated could be kept.
func (h *Host) warnRegenerated() {
	h.Warn(problem.Warning{
		Code: generatedAgain,
		Message: "the values that the chart generates at random could not be compared with the recorded ones: they are generated again, " +
			"as the helm command does",
	})
}

// warnOf warns of fields that could not be kept.
func (h *Host) warnOf(regenerated []generated.Regenerated) {
	for _, one := range regenerated {
		object := one.Object
		kind := schema.FromAPIVersionAndKind(object.APIVersion, object.Kind).GroupKind()
		if object.Namespace == "" && h.Cluster.Scopes(h.Context, nil)(kind) {
			object.Namespace = h.Namespace
		}
		h.Warn(problem.Warning{
			Code: generatedAgain, Object: &object, Path: one.Path,
			Message: "the random value of this field was generated again: it cannot be told apart from what was " +
				"changed beside it, or has to fit something new",
		})
	}
}
