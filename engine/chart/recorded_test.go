package chart

import (
	"encoding/json"
	"reflect"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

// asRecorded is a chart after it went through Helm's record.
func asRecorded(t *testing.T, loaded *helmchart.Chart) *helmchart.Chart {
	t.Helper()
	content, err := json.Marshal(loaded)
	if err != nil {
		t.Fatal(err)
	}
	var recorded helmchart.Chart
	if err := json.Unmarshal(content, &recorded); err != nil {
		t.Fatal(err)
	}
	return &recorded
}

func TestARecordedChartIsPackedAsItWas(t *testing.T) {
	library := newLibrary(t)
	original, err := library.AddBytes(t.Context(), fair.Caller{}, archiveOfEntries(t,
		file("web/Chart.yaml", webChartYAML),
		file("web/values.yaml", "# replicas\nreplicas: 1000000\nbig: 9007199254740991\nempty: {}\nnothing: null\n"),
		file("web/values.schema.json", `{"type":"object"}`),
		file("web/templates/_names.tpl", "{{- define \"x\" }}y{{ end }}"),
		file("web/templates/map.yaml", "kind: ConfigMap\n"),
		file("web/crds/widget.yaml", "kind: CustomResourceDefinition\nmetadata: {name: widgets}\n"),
		file("web/transwarp-meta/metainfo.yaml", "params: []\n"),
		file("web/README.md", "# Web\n"),
	))
	if err != nil {
		t.Fatal(err)
	}
	before, err := library.Load(t.Context(), fair.Caller{}, original.Digest)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := library.AddRecorded(t.Context(), fair.Caller{}, asRecorded(t, before))
	if err != nil {
		t.Fatal(err)
	}
	after, err := library.Load(t.Context(), fair.Caller{}, packed.Digest)
	if err != nil {
		t.Fatal(err)
	}
	if packed.Name != "web" || packed.Version != "1.2.3" {
		t.Errorf("got %+v", packed)
	}
	if !reflect.DeepEqual(before.Values, after.Values) || !reflect.DeepEqual(before.Metadata, after.Metadata) {
		t.Errorf("got %v %v, want %v %v", after.Values, after.Metadata, before.Values, before.Metadata)
	}
	if string(before.Schema) != string(after.Schema) {
		t.Errorf("got schema %s", after.Schema)
	}
	sameFiles(t, before.Templates, after.Templates)
	sameFiles(t, before.Files, after.Files)
	if again, err := library.AddRecorded(t.Context(), fair.Caller{}, asRecorded(t, before)); err != nil || again != packed {
		t.Errorf("got %+v, %v, want the same bytes", again, err)
	}
}

func TestARecordedChartStaysWithinTheLimits(t *testing.T) {
	recorded := &helmchart.Chart{
		Metadata: &helmchart.Metadata{APIVersion: "v2", Name: "web", Version: "1.0.0"},
		Files:    []*common.File{{Name: "large", Data: make([]byte, DefaultLimits().FileBytes+1)}},
	}
	_, err := newLibrary(t).AddRecorded(t.Context(), fair.Caller{}, recorded)
	if found, _ := problem.From(err); found == nil || found.Code != problem.ChartTooLarge {
		t.Errorf("got %v", err)
	}
	recorded.Files = []*common.File{{Name: "../outside", Data: []byte("x")}}
	_, err = newLibrary(t).AddRecorded(t.Context(), fair.Caller{}, recorded)
	if found, _ := problem.From(err); found == nil || found.Code != problem.ChartUnsafePath {
		t.Errorf("got %v", err)
	}
}

func sameFiles(t *testing.T, want, got []*common.File) {
	t.Helper()
	contents := func(files []*common.File) map[string]string {
		found := map[string]string{}
		for _, file := range files {
			found[file.Name] = string(file.Data)
		}
		return found
	}
	if !reflect.DeepEqual(contents(want), contents(got)) {
		t.Errorf("got %v, want %v", contents(got), contents(want))
	}
}
