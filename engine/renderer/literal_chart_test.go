package renderer

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"text/template"

	"helm.sh/helm/v4/pkg/chart/common"
	chartutil "helm.sh/helm/v4/pkg/chart/common/util"
	chartv2util "helm.sh/helm/v4/pkg/chart/v2/util"
	helmengine "helm.sh/helm/v4/pkg/engine"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/manifest"
)

// TestLiteralChartHasTheFilesOfTheRealOne renders both and compares the resulting files: exactly those that Helm
// renders, under the same paths, and one for Walm's own object.
func TestLiteralChartHasTheFilesOfTheRealOne(t *testing.T) {
	real := charttest.Load(t, charttest.Charts{"nasty": charttest.Nasty("unit.walm.test")}, "nasty")
	values := map[string]any{}
	if err := chartv2util.ProcessDependencies(real, values); err != nil {
		t.Fatal(err)
	}
	root, err := chartutil.ToRenderValues(real, values, common.ReleaseOptions{Name: "rel", Namespace: "ns", Revision: 1, IsInstall: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Without a cluster lookup finds nothing, and the template that relies on it must not stop the others.
	plain := helmengine.Engine{CustomTemplateFuncs: template.FuncMap{"lookup": func(...string) map[string]any {
		return map[string]any{"metadata": map[string]any{"name": "kube-system"}}
	}}}
	wanted, err := plain.RenderWithContext(t.Context(), real, root)
	if err != nil {
		t.Fatal(err)
	}
	literal := LiteralChart(real, manifest.ReleaseConfigTemplate)
	seen := map[string]string{}
	asked := helmengine.Engine{CustomTemplateFuncs: template.FuncMap{LiteralFunction: func(name string, context map[string]any) string {
		if _, ok := context["Release"].(map[string]any); !ok {
			t.Errorf("%s asks without the release's facts", name)
		}
		seen[name] = wanted[name]
		return wanted[name]
	}}}
	got, err := asked.RenderWithContext(t.Context(), literal, root)
	if err != nil {
		t.Fatal(err)
	}
	own := "nasty/" + manifest.ReleaseConfigTemplate
	wanted[own] = ""
	if !maps.Equal(got, wanted) {
		t.Errorf("files differ: %v and %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(wanted)))
	}
	if len(seen) != len(wanted) {
		t.Errorf("%d templates asked, %d files are there", len(seen), len(wanted))
	}
}

func TestAChartsOwnTemplateOfThatNameIsNotDoubled(t *testing.T) {
	real := charttest.Load(t, charttest.Charts{"web": charttest.Files(map[string]string{manifest.ReleaseConfigTemplate: charttest.ConfigMap("a", "")})}, "web")
	literal := LiteralChart(real, manifest.ReleaseConfigTemplate)
	if len(literal.Templates) != 1 || !strings.Contains(string(literal.Templates[0].Data), "web/"+manifest.ReleaseConfigTemplate) {
		t.Errorf("templates %v", literal.Templates)
	}
}
