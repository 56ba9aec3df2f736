package action

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
	"walm.io/engine/renderer"
	"walm.io/engine/rendering"
)

func TestWhatIsRefusedLeavesNothing(t *testing.T) {
	group := fmt.Sprintf("r%d.walm.test", time.Now().UnixNano())
	definition := charttest.NastyDefinition(group, "Widget", "widgets")
	charts := charttest.Charts{
		"schema":   charttest.Files(map[string]string{"crds/w.yaml": definition, "cm.yaml": charttest.ConfigMap("cm", ""), "values.schema.json": `{"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}`}),
		"fail":     charttest.Files(map[string]string{"cm.yaml": `{{ fail "not like this" }}`}),
		"parse":    charttest.Files(map[string]string{"_help.tpl": `{{ define "x" }}`, "cm.yaml": charttest.ConfigMap("cm", "")}),
		"yaml":     charttest.Files(map[string]string{"cm.yaml": "apiVersion: v1\nkind: ConfigMap\n  metadata: {\n"}),
		"kind":     charttest.Files(map[string]string{"cm.yaml": strings.Replace(charttest.ConfigMap("cm", ""), "ConfigMap", "Gizmo", 1)}),
		"old":      charttest.Files(map[string]string{"Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\nkubeVersion: \"<1.10.0\"\n", "cm.yaml": charttest.ConfigMap("cm", "")}),
		"large":    charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", ""), "files/noise": charttest.Noise(2 << 20)}),
		"library":  charttest.Files(map[string]string{"Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\ntype: library\n"}),
		"missing":  charttest.Files(map[string]string{"Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\ndependencies: [{name: db, version: 1.0.0, repository: \"https://example.test\"}]\n"}),
		"loop":     charttest.Files(map[string]string{"cm.yaml": `{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}`}),
		"panic":    charttest.Files(map[string]string{"cm.yaml": `{{ include "self" . }}`, "_help.tpl": `{{ define "self" }}{{ include "self" . }}{{ end }}`}),
		"existing": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("kube-root-ca.crt", "")}),
	}
	services := testServices(t, charts)
	namespace := newNamespace(t, services)
	core, err := ownCore(t, services).session.Core()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := core.ConfigMaps(namespace).Create(t.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "kube-root-ca.crt"}}, metav1.CreateOptions{}); err != nil {
		t.Log("the namespace was furnished already")
	}
	for chart, code := range map[string]problem.Code{
		"schema": problem.ValuesSchemaInvalid, "fail": problem.TemplateFailed, "parse": problem.TemplateFailed,
		"yaml": problem.ManifestInvalid, "kind": problem.KindUnknown, "old": problem.KubeVersionIncompatible,
		"large": problem.ReleaseTooLarge, "library": problem.ChartNotInstallable, "missing": problem.ChartDependenciesMissing,
		"loop": problem.TemplateTimeout, "panic": problem.TemplateFailed, "existing": problem.ResourceExists,
	} {
		request := installation(namespace, "rel", chart)
		request.Values = map[string]any{"a": "text", "b": 1}
		// Only the endless one may be out of time, on a slow machine too.
		services.RenderLimit = time.Hour
		if chart == "loop" {
			services.RenderLimit = 2 * time.Second
		}
		_, err := services.Install(t.Context(), request, nil)
		found, ok := problem.From(err)
		if !ok || found.Code != code {
			t.Errorf("%s: want %s, got %v", chart, code, err)
			continue
		}
		if strings.Contains(found.Message, renderer.LiteralFunction) {
			t.Errorf("%s: the message speaks of the literal chart: %s", chart, found.Message)
		}
		if _, err := services.Render(t.Context(), RenderRequest{Target: request.Target, Content: request.Content}, nil); chart != "kind" && chart != "large" {
			problemtest.Want(t, err, code)
		}
	}
	left, err := services.List(t.Context(), nil, namespace)
	if err != nil || len(left) != 0 {
		t.Errorf("records are left: %+v, %v", left, err)
	}
	if err := services.Cluster.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for kind := range definitionsOf(t, services, charts, "schema").DefinedKinds() {
		if _, served := services.Cluster.Namespaced(t.Context(), kind); served {
			t.Errorf("%s was defined before the values were checked", kind)
		}
	}
}

func TestNamesAndNamespacesAreCheckedFirst(t *testing.T) {
	group := fmt.Sprintf("n%d.walm.test", time.Now().UnixNano())
	charts := charttest.Charts{"web": charttest.Files(map[string]string{"crds/w.yaml": charttest.NastyDefinition(group, "Widget", "widgets"), "cm.yaml": charttest.ConfigMap("cm", "")})}
	services := testServices(t, charts)
	_, err := services.Install(t.Context(), installation("no-such-namespace", "rel", "web"), nil)
	missing := problemtest.Want(t, err, problem.NamespaceNotFound)
	if missing.Object == nil || missing.Object.Name != "no-such-namespace" {
		t.Errorf("the object is %+v", missing.Object)
	}
	for _, name := range []string{"", "Upper", "dot.", strings.Repeat("x", 54), "a/b"} {
		_, err := services.Install(t.Context(), installation("default", name, "web"), nil)
		problemtest.Want(t, err, problem.ReleaseNameInvalid)
	}
	rendered, err := services.Render(t.Context(), RenderRequest{
		Target: Target{Namespace: "no-such-namespace", Name: "rel"}, Content: rendering.Content{Chart: "web", Values: map[string]any{}},
	}, nil)
	if err != nil || len(rendered.Warnings) != 1 || rendered.Warnings[0].Code != string(problem.NamespaceNotFound) {
		t.Errorf("%+v, %v", rendered, err)
	}
}

func TestConflictsNameFieldAndManager(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"deployment.yaml": charttest.Deployment})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	set, err := ownCore(t, services).session.KubernetesClientSet()
	if err != nil {
		t.Fatal(err)
	}
	scaled := []byte(`{"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 3}}`)
	force := true
	_, err = set.AppsV1().Deployments(namespace).Patch(context.Background(), "rel", types.ApplyPatchType, scaled,
		metav1.PatchOptions{FieldManager: "someone", Force: &force})
	if err != nil {
		t.Fatal(err)
	}
	upgrading := UpgradeRequest{InstallRequest: request}
	upgrading.Values = map[string]any{"replicas": 2}
	_, err = services.Upgrade(t.Context(), upgrading, nil)
	conflict := problemtest.Want(t, err, problem.FieldConflict)
	if conflict.Field != ".spec.replicas" || conflict.Manager != "someone" || conflict.Object == nil || conflict.Object.Name != "rel" || conflict.Object.Kind != "Deployment" {
		t.Errorf("%+v %+v", conflict, conflict.Object)
	}
	upgrading.ForceConflicts = true
	if _, err := services.Upgrade(t.Context(), upgrading, nil); err != nil {
		t.Fatal(err)
	}
	upgrading.Values = map[string]any{"app": "other"}
	_, err = services.Upgrade(t.Context(), upgrading, nil)
	frozen := problemtest.Want(t, err, problem.FieldImmutable)
	if !strings.Contains(frozen.Message, "recreate=delete") || !strings.Contains(frozen.Message, "its pods stop") || strings.Contains(frozen.Message, "taken back") {
		t.Errorf("it does not say what helps and what that costs: %s", frozen.Message)
	}
	if frozen.Field != "spec.selector" || frozen.Object == nil || frozen.Object.Name != "rel" {
		t.Errorf("%+v %+v", frozen, frozen.Object)
	}
}

func TestKindsOfTheChartsOwnDefinitionsAreKnownToADryRun(t *testing.T) {
	group := fmt.Sprintf("d%d.walm.test", time.Now().UnixNano())
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"crds/w.yaml": charttest.NastyDefinition(group, "Widget", "widgets"),
		"w.yaml":      "apiVersion: " + group + "/v1\nkind: Widget\nmetadata: {name: w}\n",
		"g.yaml":      "apiVersion: nowhere.walm.test/v1\nkind: Gizmo\nmetadata: {name: g}\n",
	})})
	namespace := newNamespace(t, services)
	rendered, err := services.Render(t.Context(), RenderRequest{
		Target: Target{Namespace: namespace, Name: "rel"}, Content: rendering.Content{Chart: "web", Values: map[string]any{}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(rendered.Documents) != 2 || len(rendered.CRDs) != 1 || rendered.Documents[1].Namespace != namespace {
		t.Errorf("documents %+v, definitions %+v", rendered.Documents, rendered.CRDs)
	}
	if len(rendered.Warnings) != 1 || rendered.Warnings[0].Object.Kind != "Gizmo" {
		t.Errorf("warnings %+v", rendered.Warnings)
	}
}
