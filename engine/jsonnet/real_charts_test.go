package jsonnet

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
)

// realFolder holds the charts of the original Walm and their common library; without it such tests are skipped.
const realFolder = "../../../shared/charts"

func realFile(t *testing.T, name string) string {
	t.Helper()
	file := filepath.Join(realFolder, name)
	if _, err := os.Stat(file); err != nil {
		t.Skip("the folder beside the checkout with the charts of the original Walm does not hold " + name)
	}
	return file
}

func realChart(t *testing.T, name string) *helmchart.Chart {
	t.Helper()
	loaded, err := loader.LoadFile(realFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// realLibrary unpacks the common library.
func realLibrary(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	unpack := exec.Command("tar", "xzf", realFile(t, "ksonnet-lib-beta.2.tgz"), "-C", folder)
	if output, err := unpack.CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, output)
	}
	return folder
}

func TestWhatChartsShareIsParsedOnceWhateverTheValues(t *testing.T) {
	chart := realChart(t, "zookeeper-6.1.0.tgz")
	renderer := newRenderer(t, realLibrary(t))
	began := time.Now()
	documents := render(t, renderer, chart, nil)
	first := time.Since(began)
	if len(documents) != 5 || !strings.Contains(documents["templates/zookeeper-statefulset.json.transwarp-jsonnet.yaml"], "\n  replicas: 3\n") {
		t.Fatalf("documents %v", documents)
	}
	times := []time.Duration{}
	for replicas := range 11 {
		started := time.Now()
		documents := render(t, renderer, chart, map[string]any{
			"appConfig": map[string]any{"zookeeper": map[string]any{"replicas": replicas}},
		})
		times = append(times, time.Since(started))
		if !strings.Contains(documents["templates/zookeeper-hl-svc.json.transwarp-jsonnet.yaml"], "zookeeper") {
			t.Errorf("documents %v", documents)
		}
	}
	slices.Sort(times)
	t.Logf("first %s, then fastest %s, median %s, slowest %s", first, times[0], times[5], times[10])
	// Most of the first one is parsing the library; a machine that is slow is slow for all of them.
	if times[0] > first/2 {
		t.Errorf("a warm evaluation takes %s, the first one took %s", times[0], first)
	}
}
