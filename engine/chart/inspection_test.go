package chart

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

func inspect(t *testing.T, data []byte) *Inspection {
	t.Helper()
	library := newLibrary(t)
	archive, err := library.AddBytes(t.Context(), fair.Caller{}, data)
	if err != nil {
		t.Fatal(err)
	}
	inspection, err := library.Inspect(t.Context(), fair.Caller{}, archive.Digest)
	if err != nil {
		t.Fatal(err)
	}
	return inspection
}

func TestInspectTellsWhatAChartContains(t *testing.T) {
	chartYAML := webChartYAML + `description: demo
icon: https://example.com/i.svg
deprecated: true
annotations: {a: b}
dependencies:
- {name: db, version: 1.0.0, alias: primary}
- {name: db, version: 1.0.0, alias: replica}
- {name: absent, version: 1.0.0}
`
	inspection := inspect(t, archiveOfEntries(t,
		file("web/Chart.yaml", chartYAML),
		file("web/values.yaml", "# how many\nreplicas: 2\n"),
		file("web/values.schema.json", `{"type":"object"}`),
		file("web/README.md", "# Web"),
		file("web/templates/a.yaml", "x"),
		file("web/transwarp-meta/metainfo.yaml", "friendlyName: Web\n"),
		file("web/transwarp-meta/icon.svg", "\x00svg"),
		file("web/crds/both.yaml", "metadata: {name: one.example.com}\n---\nmetadata: {name: two.example.com}\n---\n"),
		file("web/charts/db/Chart.yaml", "name: db\nversion: 1.0.0\n"),
		file("web/charts/db/templates/b.yaml", "x"),
		file("web/charts/db/values.schema.json", `{"title":"db"}`),
	))
	if m := inspection.Metadata; m.Name != "web" || !m.Deprecated || m.AppVersion != "7" || len(m.Dependencies) != 3 || m.Annotations["a"] != "b" {
		t.Errorf("metadata: %+v", m)
	}
	if inspection.ValuesText != "# how many\nreplicas: 2\n" || fmt.Sprint(inspection.Values) != "map[replicas:2]" {
		t.Errorf("values: %q %v", inspection.ValuesText, inspection.Values)
	}
	if got := fmt.Sprintf("%s", inspection.Schemas); got != `[{[] {"type":"object"} } {[primary] {"title":"db"} } {[replica] {"title":"db"} }]` {
		t.Errorf("schemas: %s", got)
	}
	if !slices.Equal(inspection.Templates, []string{"charts/db/templates/b.yaml", "templates/a.yaml"}) {
		t.Errorf("templates: %v", inspection.Templates)
	}
	if got := fmt.Sprint(inspection.CRDs); got != "[{one.example.com web/crds/both.yaml} {two.example.com web/crds/both.yaml}]" {
		t.Errorf("crds: %s", got)
	}
	if inspection.Readme != "# Web" || inspection.Engine != "helm" || !slices.Equal(inspection.BundledDependencies, []string{"db"}) {
		t.Errorf("got %+v", inspection)
	}
	if !strings.Contains(inspection.NotInstallable, "missing in charts/ directory: absent") {
		t.Errorf("got %q", inspection.NotInstallable)
	}
	text, err := json.Marshal(inspection)
	if err != nil || !strings.Contains(string(text), `"icon.svg":"AHN2Zw=="`) {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestInspectOfAnEmptyChartHasNoNulls(t *testing.T) {
	text, err := json.Marshal(inspect(t, webArchive(t)))
	if err != nil || strings.Contains(string(text), "null") {
		t.Fatalf("got %s, %v", text, err)
	}
}

func TestInspectNamesASchemaThatIsNotJSON(t *testing.T) {
	inspection := inspect(t, webArchive(t, file("values.schema.json", "{")))
	if len(inspection.Schemas) != 1 || inspection.Schemas[0].Schema != nil || !strings.Contains(inspection.Schemas[0].Problem, "chart web is not JSON") {
		t.Fatalf("got %+v", inspection.Schemas)
	}
}

func TestLibraryChartsAreNotInstallable(t *testing.T) {
	loaded, err := Check(archiveOfEntries(t, file("web/Chart.yaml", webChartYAML+"type: library\n")), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, CheckInstallable(loaded), problem.ChartNotInstallable)
	loaded.Metadata.Type = "application"
	if err := CheckInstallable(loaded); err != nil {
		t.Fatal(err)
	}
}

func TestRealCharts(t *testing.T) {
	zookeeper := inspect(t, realChart(t, "zookeeper-6.1.0.tgz"))
	if zookeeper.Engine != "jsonnet" || zookeeper.Metadata.AppVersion != "6.1" || len(zookeeper.MetaFiles["metainfo.yaml"]) != 1681 ||
		len(zookeeper.MetaFiles) != 4 || zookeeper.NotInstallable != "" {
		t.Errorf("zookeeper: %+v", zookeeper.Metadata)
	}
	if kafka := inspect(t, realChart(t, "kafka-6.1.0.tgz")); kafka.Engine != "jsonnet" || len(kafka.Templates) != 0 {
		t.Errorf("kafka: %+v", kafka)
	}
	if tomcat := inspect(t, realChart(t, "tomcat-0.2.0.tgz")); tomcat.Engine != "helm" || len(tomcat.Templates) != 4 || tomcat.Readme == "" {
		t.Errorf("tomcat: %+v", tomcat)
	}
	_, err := Check(realChart(t, "ksonnet-lib-beta.2.tgz"), DefaultLimits())
	wantCode(t, err, problem.ChartArchiveInvalid)
}
