package action

import (
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	release "helm.sh/helm/v4/pkg/release/v1"
)

func TestARecordWithSubchartsDoesNotHoldTheWholeChart(t *testing.T) {
	plain := func() *release.Release {
		whole := &helmchart.Chart{Metadata: &helmchart.Metadata{Name: "web"}}
		return &release.Release{Chart: whole, Manifest: "---\n# Source: web/templates/map.yaml\nkind: ConfigMap\n"}
	}
	if !holdsWholeChart(plain()) {
		t.Error("a chart without subcharts is not whole")
	}
	dependency := []*helmchart.Dependency{{Name: "cache"}}
	for name, change := range map[string]func(*release.Release){
		"declared":     func(r *release.Release) { r.Chart.Metadata.Dependencies = dependency },
		"disabled":     func(r *release.Release) { r.Chart.Lock = &helmchart.Lock{Dependencies: dependency} },
		"of Helm 2":    func(r *release.Release) { r.Chart.Files = []*common.File{{Name: "requirements.yaml"}} },
		"undeclared":   func(r *release.Release) { r.Manifest += "---\n# Source: web/charts/cache/templates/map.yaml\n" },
		"only hooks":   func(r *release.Release) { r.Hooks = []*release.Hook{{Path: "web/charts/cache/templates/job.yaml"}} },
		"not recorded": func(r *release.Release) { r.Chart = nil },
	} {
		t.Run(name, func(t *testing.T) {
			recorded := plain()
			change(recorded)
			if holdsWholeChart(recorded) {
				t.Error("a part of the chart would be lost")
			}
		})
	}
}
