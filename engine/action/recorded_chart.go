package action

import (
	"context"
	"slices"
	"strings"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/problem"
)

// RecordedChart returns the chart of a recorded revision, nil if there is no such revision. Helm records a chart
// without its subcharts and omits the declarations of disabled ones, so a chart that has or had any is refused. Errors:
// CHART_NOT_RECORDED.
func (s *Services) RecordedChart(ctx context.Context, question RevisionRequest) (*helmchart.Chart, error) {
	op, err := s.begin(ctx, question.Target, nil)
	if err != nil {
		return nil, s.beginProblem(question.Target, err)
	}
	recorded, err := op.recorded(question.Revision)
	if err != nil || recorded == nil {
		return nil, op.problemOf(err)
	}
	if !holdsWholeChart(recorded) {
		return nil, problem.New(problem.ChartNotRecorded,
			"Helm's record of release %s/%s does not hold the subcharts of its chart: send the chart",
			question.Namespace, question.Name)
	}
	return separate(recorded.Chart), nil
}

// separate returns a chart whose metadata Helm may change while packing: the record itself is shared.
func separate(recorded *helmchart.Chart) *helmchart.Chart {
	chart, metadata := *recorded, *recorded.Metadata
	metadata.Sources, metadata.Keywords = slices.Clone(metadata.Sources), slices.Clone(metadata.Keywords)
	metadata.Maintainers = slices.Clone(metadata.Maintainers)
	for at, maintainer := range metadata.Maintainers {
		one := *maintainer
		metadata.Maintainers[at] = &one
	}
	chart.Metadata = &metadata
	return &chart
}

// holdsWholeChart tells whether the chart has no subcharts: none declared, none locked, and no document of an
// undeclared one below charts/.
func holdsWholeChart(recorded *release.Release) bool {
	whole := recorded.Chart
	if whole == nil || whole.Metadata == nil || len(whole.Metadata.Dependencies) > 0 {
		return false
	}
	if whole.Lock != nil && len(whole.Lock.Dependencies) > 0 {
		return false
	}
	for _, file := range whole.Files {
		if file.Name == "requirements.yaml" {
			return false
		}
	}
	below := whole.Name() + "/charts/"
	for _, hook := range recorded.Hooks {
		if strings.HasPrefix(hook.Path, below) {
			return false
		}
	}
	return !strings.Contains(recorded.Manifest, "\n# Source: "+below)
}
