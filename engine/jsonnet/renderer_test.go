package jsonnet

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"

	"walm.io/engine/problem"
)

// workerArgument makes the test binary a worker; the folder of the library follows it.
const workerArgument = "be-a-jsonnet-worker"

func TestMain(m *testing.M) {
	if at := slices.Index(os.Args, workerArgument); at > 0 {
		if err := Serve(os.Stdin, os.Stdout, func() { os.Exit(0) }, os.Args[at+1]); err != nil {
			panic(err)
		}
		return
	}
	m.Run()
}

const workerMemory = 400 << 20

func newRenderer(t *testing.T, library string) *Renderer {
	t.Helper()
	renderer := NewRenderer(slog.Default(), workerMemory, false,
		os.Args[0], workerArgument, library)
	t.Cleanup(renderer.Close)
	return renderer
}

// chartOf creates a chart of a main file and others.
func chartOf(t *testing.T, main string, others map[string]string) *helmchart.Chart {
	t.Helper()
	files := []*archive.BufferedFile{
		{Name: "Chart.yaml", Data: []byte("name: web\nversion: 1.2.3\nappVersion: '..'\n")},
		{Name: "values.yaml", Data: []byte("size: 1\nimage: {name: a, tag: b}\n")},
		{Name: "template-jsonnet/web-main.jsonnet", Data: []byte(main)},
	}
	for name, text := range others {
		files = append(files, &archive.BufferedFile{Name: name, Data: []byte(text)})
	}
	loaded, err := loader.LoadFiles(files)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

var release = Release{Name: "web-1", Namespace: "demo"}

// endless takes time but no memory.
const endless = `local r = std.range(1, 30000); std.foldl(function(a, b) std.foldl(function(c, d) 0, r, 0), r, 0)`

func render(t *testing.T, renderer *Renderer, chart *helmchart.Chart, values map[string]any) map[string]string {
	t.Helper()
	documents, err := renderer.Render(t.Context(), chart, values, release)
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

func TestTheMainFileGivesTheDocuments(t *testing.T) {
	renderer := newRenderer(t, "")
	chart := chartOf(t, `
local lib = import '../../../applib/lib.libsonnet';
local values = std.parseJson(importstr '../values.yaml');
function(config={}) {
  'one.json': {
    kind: 'ConfigMap',
    data: lib { text: importstr 'files/conf.tmpl' },
    facts: { [k]: config[k] for k in std.objectFields(config) if std.startsWith(k, 'helm') || std.startsWith(k, 'chart') || k == 'Transwarp_Install_Namespace' },
    values: values,
    merged: std.mergePatch(values, config).image,
    parts: [0.1 + 0.1, 1000000, 1e21, -3],
  },
  'nothing.json': null,
}`, map[string]string{
		"applib/lib.libsonnet":             "{ lib: 'yes' }",
		"template-jsonnet/files/conf.tmpl": `{{getv "/a"}}`,
		"template-jsonnet/_main.jsonnet":   "syntax error",
	})
	documents := render(t, renderer, chart, map[string]any{"image": map[string]any{"name": nil, "pull": true}, "chartName": "mine"})
	want := `data:
  lib: "yes"
  text: '{{getv "/a"}}'
facts:
  Transwarp_Install_Namespace: demo
  chartAppVersion: ..
  chartName: mine
  chartVersion: 1.2.3
  helmReleaseName: web-1
  helmReleaseNamespace: demo
kind: ConfigMap
merged:
  pull: true
  tag: b
parts:
- 0.2
- 1000000
- 1e+21
- -3
values:
  image:
    name: a
    tag: b
  size: 1
`
	if got := documents["templates/one.json.transwarp-jsonnet.yaml"]; got != want || len(documents) != 1 {
		t.Errorf("%d documents, got\n%s\nwant\n%s", len(documents), got, want)
	}
}

func TestNativeFunctions(t *testing.T) {
	chart := chartOf(t, `function(config) { 'a.json': {
  yaml: std.native('parseYaml')('a: 1\n---\n- b\n'),
  text: std.native('gotmplRender')('{{ .a.b }}-{{ range .c }}{{ . }}{{ end }}', { a: { b: 'x' }, c: [1, 2] }, 'string'),
  json: std.native('gotmplRender')('k: [{{ .v }}]', { v: 3 }, 'json'),
  files: std.native('loadConfigFiles')('conf', '/etc/conf', [
    { configMapKey: 'k1', fileData: 'inline', volConfigMapSubPath: 'p1' },
    { configMapKey: 'k2', fileLocation: 'files/b', volConfigMapSubPath: 'p2', volConfigMapMode: 511 },
  ], std.thisFile) + { md5Checksum: 'left out' },
} }`, map[string]string{"template-jsonnet/files/b": "from a file"})
	got := render(t, newRenderer(t, ""), chart, nil)["templates/a.json.transwarp-jsonnet.yaml"]
	want := `files:
  configMapsData:
    k1: inline
    k2: from a file
  md5Checksum: left out
  name: conf
  volumeMount:
    mountPath: /etc/conf
    name: conf
  volumes:
  - key: k1
    mode: 420
    path: p1
  - key: k2
    mode: 511
    path: p2
json:
  k:
  - 3
text: x-12
yaml:
- a: 1
- - b
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWhatAChartMustNotDo(t *testing.T) {
	renderer := newRenderer(t, "")
	for name, one := range map[string]struct {
		main string
		says string
		code problem.Code
	}{
		"read the server's files":      {`importstr '/etc/passwd'`, "only files of the chart", problem.TemplateFailed},
		"climb out":                    {`import '../../../../../etc/passwd'`, "only files of the chart", problem.TemplateFailed},
		"read files by a function":     {`std.native('loadConfigFiles')('a', 'b', [{ fileLocation: '/etc/passwd' }], std.thisFile)`, "only files of the chart", problem.TemplateFailed},
		"read another chart":           {`import 'chart/0/release/version/x'`, "no file template-jsonnet/chart/0", problem.TemplateFailed},
		"lack the library":             {`import '../../../applib/ksonnet-lib/k.libsonnet'`, "jsonnetConfig.commonTemplateFilesPath", problem.TemplateFailed},
		"recurse":                      {`local f(x) = f(x + 1) + 1; f(0)`, "max stack frames exceeded", problem.TemplateFailed},
		"fill the memory":              {`local f(x) = f(x + x) tailstrict; f('xxxxxxxxxxxxxxxx')`, "more than 400 MiB", problem.TemplateFailed},
		"go on forever":                {endless, "did not finish in time", problem.TemplateTimeout},
		"overflow the parser's stack":  {strings.Repeat("[", 3_000_000), "look for", problem.TemplateFailed},
		"fail":                         {"function(config)\n  { a: error 'no ' + config.image.name }", "no a (at template-jsonnet/web-main.jsonnet:2:8", problem.TemplateFailed},
		"be no jsonnet":                {"function(config) {", "template-jsonnet/web-main.jsonnet:1:", problem.TemplateFailed},
		"give no files":                {"[1]", "an object per file name", problem.TemplateFailed},
		"give something for an object": {"{ 'a.json': 'text' }", `"a.json" is not an object`, problem.TemplateFailed},
		"name a file outside":          {"{ '../a.json': { a: 1 } }", `"../a.json" is not an object with a file name`, problem.TemplateFailed},
	} {
		t.Run(name, func(t *testing.T) {
			limit := time.Hour
			if one.code == problem.TemplateTimeout {
				limit = 4 * time.Second
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			_, err := renderer.Render(ctx, chartOf(t, one.main, nil), nil, release)
			found, ok := problem.From(err)
			if !ok || found.Code != one.code || !strings.Contains(found.Message, one.says) {
				t.Fatalf("got %v", err)
			}
			if found.Details["chart"] != "web" || found.Details["file"] != "template-jsonnet/web-main.jsonnet" || strings.Contains(found.Message, chartRoot) && name != "read another chart" {
				t.Errorf("details %v of %s", found.Details, found.Message)
			}
			next := render(t, renderer, chartOf(t, "{ 'a.json': { a: 1 } }", nil), nil)
			if next["templates/a.json.transwarp-jsonnet.yaml"] != "a: 1\n" {
				t.Errorf("the next chart: %v", next)
			}
		})
	}
}

func TestAChartWithoutMainFile(t *testing.T) {
	chart := chartOf(t, "{}", nil)
	for _, file := range chart.Files {
		file.Name = strings.Replace(file.Name, "web-main", "web", 1)
	}
	_, err := newRenderer(t, "").Render(t.Context(), chart, nil, release)
	if !problem.HasCode(err, problem.TemplateFailed) || !strings.Contains(err.Error(), "failed to find main jsonnet file") {
		t.Errorf("got %v", err)
	}
	if _, native := chart.Metadata, IsChart(chart); !native {
		t.Error("files below template-jsonnet/ make it a jsonnet chart")
	}
}

func TestACancelledCallEndsAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	_, err := newRenderer(t, "").Render(ctx, chartOf(t, endless, nil), nil, release)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
