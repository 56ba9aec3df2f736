package action

import (
	"encoding/json"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
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

// A record that was read is shared by all readers.
func TestPackingARecordedChartDoesNotChangeTheRecord(t *testing.T) {
	recorded := &helmchart.Chart{Metadata: &helmchart.Metadata{
		APIVersion: "v2", Name: "web", Version: "1.0.0", Description: "a\x00b", Sources: []string{"a\x00"}, Keywords: []string{"k\x00"},
		Maintainers: []*helmchart.Maintainer{{Name: "m\x00"}},
	}}
	before, _ := json.Marshal(recorded)
	if _, err := chartutil.Save(separate(recorded), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if after, _ := json.Marshal(recorded); string(after) != string(before) {
		t.Errorf("it was %s and is %s", before, after)
	}
	if _, err := chartutil.Save(recorded, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if after, _ := json.Marshal(recorded); string(after) == string(before) {
		t.Error("Helm changes nothing: the copy is not needed")
	}
}
