package action

import (
	"testing"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

const generatedSecret = `apiVersion: v1
kind: Secret
metadata: {name: "{{ .Chart.Name }}"}
stringData: {password: {{ randAlphaNum 16 }}, size: "{{ .Values.size }}"}
`

// generatingChart has a subchart that is enabled only by some values.
func generatingChart() map[string]string {
	return charttest.Files(map[string]string{
		"Chart.yaml":                   "apiVersion: v2\nname: web\nversion: 0.1.0\ndependencies: [{name: part, version: 0.1.0, condition: part.enabled}]\n",
		"values.yaml":                  "size: small\npart: {enabled: false, size: small}\n",
		"secret.yaml":                  generatedSecret,
		"charts/part/Chart.yaml":       "apiVersion: v2\nname: part\nversion: 0.1.0\n",
		"charts/part/templates/s.yaml": generatedSecret,
	})
}

func TestUpgradesKeepWhatTheChartGenerates(t *testing.T) {
	charts := charttest.Charts{"web": generatingChart()}
	services := testServices(t, charts)
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	password := func(made *Release, name string) string {
		for _, object := range made.Objects {
			if object.Name == name {
				return manifest.TextAt(object.Object, "stringData", "password")
			}
		}
		t.Fatalf("there is no %s", name)
		return ""
	}
	upgrade := func(values map[string]any) *Release {
		upgrading := UpgradeRequest{InstallRequest: request}
		upgrading.Values = values
		made, err := services.Upgrade(t.Context(), upgrading, nil)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	first, err := services.Get(t.Context(), RevisionRequest{Target: request.Target})
	if err != nil {
		t.Fatal(err)
	}
	second := upgrade(map[string]any{"size": "big", "part": map[string]any{"enabled": true}})
	third := upgrade(map[string]any{"size": "big", "part": map[string]any{"enabled": true, "size": "big"}})
	if password(second, "web") != password(first, "web") || password(third, "web") != password(first, "web") {
		t.Error("the password of the chart changed")
	}
	if password(third, "part") != password(second, "part") || password(third, "part") == password(third, "web") {
		t.Error("the password of the subchart changed, or is that of the chart")
	}
	if len(second.Warnings) != 0 || len(third.Warnings) != 0 {
		t.Errorf("warnings: %v, %v", second.Warnings, third.Warnings)
	}

	preview := RenderRequest{Target: request.Target, Content: request.Content, IsUpgrade: true}
	rendered, err := services.Render(t.Context(), preview, nil)
	if err != nil {
		t.Fatal(err)
	}
	if manifest.TextAt(rendered.Documents[0].Object, "stringData", "password") != password(first, "web") {
		t.Error("a dry run tells of another password")
	}

	charts["web"]["Chart.yaml"] += "description: another\n"
	charts["web"]["templates/secret.yaml"] += "# another chart\n"
	if fourth := upgrade(map[string]any{}); password(fourth, "web") == password(first, "web") {
		t.Error("another chart is not rendered as Helm does")
	}
}

func TestWhatCannotBeKeptIsAWarning(t *testing.T) {
	// Placeholders have no capital letters; 60 random characters contain at least one.
	strict := charttest.Files(map[string]string{"secret.yaml": "{{ $p := randAlphaNum 60 }}{{ if not (regexMatch \"[A-Z]\" $p) }}{{ fail \"weak\" }}{{ end }}" +
		"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: {{ $p }}}\n"})
	services := testServices(t, charttest.Charts{"web": strict})
	request := installation(newNamespace(t, services), "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	made, err := services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: request}, nil)
	if err != nil || len(made.Warnings) != 1 || made.Warnings[0].Code != "GENERATED_ANEW" {
		t.Errorf("%+v, %v", made, err)
	}
	request.Values = map[string]any{"length": "many"}
	strict["templates/secret.yaml"] = "{{ randAlphaNum .Values.length }}"
	_, err = services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: request}, nil)
	problemtest.Want(t, err, problem.TemplateFailed)
}
