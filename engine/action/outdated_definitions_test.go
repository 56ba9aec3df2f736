package action

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
	"walm.io/engine/rendering"
)

// definitionOf is a definition whose kind has these fields.
func definitionOf(group string, fields ...string) string {
	properties := []string{}
	for _, field := range fields {
		properties = append(properties, field+": {type: string}")
	}
	return "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: gauges." + group + "}\nspec:\n" +
		"  group: " + group + "\n  names: {kind: Gauge, plural: gauges}\n  scope: Namespaced\n  versions:\n" +
		"  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {" +
		strings.Join(properties, ", ") + "}}}}}}\n"
}

// awaitFields returns when the cluster describes the fields of the kind, which happens a moment after it serves the
// kind.
func awaitFields(t *testing.T, services *Services, group string) {
	t.Helper()
	kind := schema.GroupVersionKind{Group: group, Version: "v1", Kind: "Gauge"}
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		unknown, err := services.Cluster.UnknownFields(t.Context(), kind, map[string]any{"spec": map[string]any{"nothing": "x"}})
		if err == nil && len(unknown) > 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the cluster does not tell of the fields of", kind)
}

func TestFieldsOfKindsThatAreOlderThanTheChart(t *testing.T) {
	group := fmt.Sprintf("g%d.walm.test", time.Now().UnixNano())
	gauge := func(field string) string {
		return "apiVersion: " + group + "/v1\nkind: Gauge\nmetadata: {name: \"{{ .Release.Name }}\"}\nspec: {" + field + ": x}\n"
	}
	charts := charttest.Charts{
		"old":     charttest.Files(map[string]string{"crds/g.yaml": definitionOf(group, "height"), "g.yaml": gauge("height")}),
		"new":     charttest.Files(map[string]string{"crds/g.yaml": definitionOf(group, "height", "width"), "g.yaml": gauge("width")}),
		"foreign": charttest.Files(map[string]string{"g.yaml": gauge("colour")}),
	}
	services := testServices(t, charts)
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "old")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	awaitFields(t, services, group)
	upgrading := UpgradeRequest{InstallRequest: installation(namespace, "rel", "new")}
	foretold, err := services.Render(t.Context(), RenderRequest{Target: request.Target, Content: upgrading.Content, IsUpgrade: true}, nil)
	if err != nil || len(foretold.Warnings) != 1 || foretold.Warnings[0].Code != string(problem.CRDOutdated) || foretold.Warnings[0].Path != "/spec/width" {
		t.Errorf("foretold %+v, %v", foretold, err)
	}
	judge := func(mode string) error {
		_, err := services.Render(t.Context(), RenderRequest{Target: request.Target, Content: upgrading.Content, IsUpgrade: true, Validate: true, CRDs: mode}, nil)
		return err
	}
	if err := judge(rendering.CRDsApply); err != nil {
		t.Errorf("the definition comes with the change: %v", err)
	}
	for _, change := range []func() error{
		func() error { return judge("") },
		func() error { return judge(rendering.CRDsSkip) },
		func() error { _, err := services.Upgrade(t.Context(), upgrading, nil); return err },
		func() error {
			_, err := services.Install(t.Context(), installation(namespace, "second", "new"), nil)
			return err
		},
	} {
		outdated := problemtest.Want(t, change(), problem.CRDOutdated)
		if outdated.Field != "/spec/width" || outdated.Object.Kind != "Gauge" || !strings.Contains(outdated.Message, "crds=apply") {
			t.Errorf("%+v", outdated)
		}
	}
	_, err = services.Install(t.Context(), installation(namespace, "third", "foreign"), nil)
	if refused := problemtest.Want(t, err, problem.ManifestInvalid); !strings.Contains(refused.Message, ".spec.colour") {
		t.Errorf("%+v", refused)
	}
	upgrading.CRDs = rendering.CRDsApply
	upgraded, err := services.Upgrade(t.Context(), upgrading, nil)
	if err != nil || len(upgraded.Warnings) > 0 || !strings.Contains(upgraded.Manifest, "width") {
		t.Fatalf("%+v, %v", upgraded, err)
	}
	compared, err := services.Compare(t.Context(), RevisionRequest{Target: request.Target})
	if err != nil || manifest.TextAt(compared[0].Live, "spec", "width") != "x" {
		t.Errorf("%+v, %v", compared, err)
	}
}

func TestKindsThatOnlyTheChartDefines(t *testing.T) {
	group := fmt.Sprintf("v%d.walm.test", time.Now().UnixNano())
	object := func(version string) string {
		return "apiVersion: " + group + "/" + version + "\nkind: Gauge\nmetadata: {name: g}\nspec: {height: x}\n"
	}
	both := strings.Replace(definitionOf(group, "height"), "versions:\n", "versions:\n  - {name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}\n", 1)
	services := testServices(t, charttest.Charts{
		"none": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")}),
		"old":  charttest.Files(map[string]string{"crds/g.yaml": definitionOf(group, "height"), "g.yaml": object("v1")}),
		"new":  charttest.Files(map[string]string{"crds/g.yaml": both, "g.yaml": object("v2")}),
	})
	namespace := newNamespace(t, services)
	if _, err := services.Install(t.Context(), installation(namespace, "rel", "none"), nil); err != nil {
		t.Fatal(err)
	}
	// Each is foretold as it comes true.
	for _, step := range []struct {
		chart, crds string
		code        problem.Code
	}{
		{"old", rendering.CRDsCreate, problem.KindUnknown},
		{"old", rendering.CRDsApply, ""},
		{"new", rendering.CRDsCreate, problem.CRDOutdated},
		{"new", rendering.CRDsSkip, problem.CRDOutdated},
		{"new", rendering.CRDsApply, ""},
	} {
		wanted := installation(namespace, "rel", step.chart)
		wanted.CRDs = step.crds
		_, foretold := services.Render(t.Context(), RenderRequest{
			Target: wanted.Target, Content: wanted.Content, IsUpgrade: true, Validate: true, CRDs: step.crds,
		}, nil)
		_, failed := services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: wanted, MaxHistory: 10}, nil)
		if codeOf(foretold) != step.code || codeOf(failed) != step.code {
			t.Fatalf("%+v: foretold %v, failed with %v", step, foretold, failed)
		}
		if step.code != "" && (!strings.Contains(failed.Error(), "crds=apply") || foretold.Error() != failed.Error()) {
			t.Errorf("%+v: foretold %v, failed with %v", step, foretold, failed)
		}
	}
}

func TestADefinitionInBothPlacesIsForetold(t *testing.T) {
	group := fmt.Sprintf("b%d.walm.test", time.Now().UnixNano())
	definition := definitionOf(group, "height")
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"crds/g.yaml": definition, "g.yaml": definition})})
	request := installation(newNamespace(t, services), "rel", "web")
	_, foretold := services.Render(t.Context(), RenderRequest{Target: request.Target, Content: request.Content, Validate: true}, nil)
	_, failed := services.Install(t.Context(), request, nil)
	for _, err := range []error{foretold, failed} {
		if twofold := problemtest.Want(t, err, problem.ResourceExists); !strings.Contains(twofold.Message, "in crds/ and in its templates") {
			t.Errorf("%+v", twofold)
		}
	}
}

func TestADefinitionThatAChartTemplatesAndKeeps(t *testing.T) {
	group := fmt.Sprintf("k%d.walm.test", time.Now().UnixNano())
	kept := strings.Replace(definitionOf(group, "height"), "}\n", ", annotations: {\"helm.sh/resource-policy\": keep}}\n", 1)
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"g.yaml": kept, "cm.yaml": charttest.ConfigMap("{{ .Release.Name }}", "")})})
	first, second := newNamespace(t, services), newNamespace(t, services)
	if _, err := services.Install(t.Context(), installation(first, "one", "web"), nil); err != nil {
		t.Fatal(err)
	}
	_, err := services.Install(t.Context(), installation(second, "two", "web"), nil)
	if held := problemtest.Want(t, err, problem.ResourceExists); !strings.Contains(held.Message, "release one in namespace "+first) {
		t.Errorf("%+v", held)
	}
	if _, err := services.Uninstall(t.Context(), UninstallRequest{Target: Target{Namespace: first, Name: "one"}, TimeoutMs: 600_000}, nil); err != nil {
		t.Fatal(err)
	}
	request := installation(second, "two", "web")
	foretold, err := services.Render(t.Context(), RenderRequest{Target: request.Target, Content: request.Content}, nil)
	if err != nil || len(foretold.Warnings) != 1 || foretold.Warnings[0].Code != "OBJECT_TAKEN_OVER" {
		t.Errorf("%+v, %v", foretold, err)
	}
	installed, err := services.Install(t.Context(), request, nil)
	if err != nil || len(installed.Warnings) != 1 || !strings.Contains(installed.Warnings[0].Message, "release one in namespace "+first) {
		t.Fatalf("%+v, %v", installed, err)
	}
	_, err = services.Install(t.Context(), installation(first, "three", "web"), nil)
	if held := problemtest.Want(t, err, problem.ResourceExists); !strings.Contains(held.Message, "release two in namespace "+second) {
		t.Errorf("%+v", held)
	}
}
