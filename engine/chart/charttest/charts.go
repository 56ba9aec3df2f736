// Package charttest has charts for tests.
package charttest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"

	"walm.io/engine/fair"
)

// Files returns a chart with templates by their name below templates/, and other files by their path.
func Files(files map[string]string) map[string]string {
	made := map[string]string{"Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n"}
	for path, content := range files {
		if !strings.Contains(path, "/") && path != "values.yaml" && path != "values.schema.json" && path != "Chart.yaml" {
			path = "templates/" + path
		}
		made[path] = content
	}
	return made
}

// ConfigMap is a document of a ConfigMap with further lines at its end.
func ConfigMap(name, extra string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n" + extra
}

// Deployment is the template of a Deployment.
const Deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: {{ .Values.replicas | default 1 }}
  selector: {matchLabels: {app: "{{ .Values.app | default "web" }}"}}
  template:
    metadata: {labels: {app: "{{ .Values.app | default "web" }}"}}
    spec: {containers: [{name: web, image: "nginx:1"}]}
`

// Charts is a set of charts by name, each with its files.
type Charts map[string]map[string]string

// Load is part of Charts.
func (m Charts) Load(_ context.Context, _ fair.Caller, name string) (*helmchart.Chart, error) {
	files, ok := m[name]
	if !ok {
		return nil, fmt.Errorf("no chart %s", name)
	}
	buffered := []*archive.BufferedFile{}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		buffered = append(buffered, &archive.BufferedFile{Name: path, Data: []byte(files[path])})
	}
	return loader.LoadFiles(buffered)
}

// Load reads one of the charts, before Helm changes it.
func Load(t *testing.T, charts Charts, name string) *helmchart.Chart {
	t.Helper()
	loaded, err := charts.Load(t.Context(), fair.Caller{}, name)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// OddConfigMap is a document with bytes that no serialiser would write.
const OddConfigMap = "# a comment\napiVersion: v1\nkind:   ConfigMap\nmetadata: {name:   odd}\ndata: {a: \"1\"}   \n"
