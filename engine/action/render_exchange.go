package action

import (
	"helm.sh/helm/v4/pkg/chart/common"
	chartutil "helm.sh/helm/v4/pkg/chart/common/util"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/generated"
	"walm.io/engine/problem"
)

// renderOrder is what a render worker is given.
type renderOrder struct {
	Chart        chartTree             `json:"chart"`
	Values       map[string]any        `json:"values"`
	Release      common.ReleaseOptions `json:"release"`
	Capabilities *common.Capabilities  `json:"capabilities"`
	// Recorded is what to keep generated texts of; nil: all are new.
	Recorded *recordedRendering `json:"recorded,omitempty"`
}

// recordedRendering is what a revision was rendered from, and to.
type recordedRendering struct {
	// Chart is the same as that of the order, as the recorded values make it: its conditions may have been others.
	Chart     chartTree      `json:"chart"`
	Values    map[string]any `json:"values"`
	Documents []string       `json:"documents"`
}

// renderResult is what it answers: the rendered files and the values they saw, or why there are none.
type renderResult struct {
	Files    map[string]string `json:"files,omitempty"`
	Computed map[string]any    `json:"computed,omitempty"`
	// Anew are fields whose generated text could not be kept.
	Anew    []generated.Anew `json:"anew,omitempty"`
	Problem *problem.Problem `json:"problem,omitempty"`
}

// chartTree is a chart with its subcharts; Helm's own JSON form leaves those out.
type chartTree struct {
	Chart     *helmchart.Chart `json:"chart"`
	Subcharts []chartTree      `json:"subcharts"`
}

func treeOf(chart *helmchart.Chart) chartTree {
	tree := chartTree{Chart: chart}
	for _, subchart := range chart.Dependencies() {
		tree.Subcharts = append(tree.Subcharts, treeOf(subchart))
	}
	return tree
}

func (t chartTree) grown() *helmchart.Chart {
	for _, subchart := range t.Subcharts {
		t.Chart.AddDependency(subchart.grown())
	}
	return t.Chart
}

// renderValues are what templates see, made of the order's parts as Helm makes them.
func (o renderOrder) renderValues(chart *helmchart.Chart) (common.Values, error) {
	values, err := chartutil.ToRenderValuesWithSchemaValidation(chart, o.Values, o.Release, o.Capabilities, true)
	if err != nil {
		return nil, problem.New(problem.ValuesInvalid, "the values do not fit chart %s: %s", chart.Name(), err).Because(err)
	}
	return values, nil
}
