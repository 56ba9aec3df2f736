package action

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/manifest"
	"walm.io/engine/rendering"
)

func definitionsOf(t *testing.T, services *Services, charts charttest.Charts, name string) manifest.Entries {
	t.Helper()
	definitions, err := ownCore(t, services).chartDefinitions(charttest.Load(t, charts, name), nil)
	if err != nil {
		t.Fatal(err)
	}
	return definitions
}

// hooked adds the Helm 2 hook annotation to a definition.
func hooked(definition string) string {
	return strings.Replace(definition, "metadata:\n", "metadata:\n  annotations: {helm.sh/hook: crd-install, helm.sh/hook-weight: \"1\", kept: \"yes\"}\n", 1)
}

// oldDefinition uses the version that Kubernetes no longer serves.
func oldDefinition(group string) string {
	return `apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata:
  name: olds.` + group + `
spec: {group: ` + group + `, version: v1, scope: Namespaced, names: {kind: Old, plural: olds}}
`
}

// convertDefinitions is a fake server that can convert the definition above.
func convertDefinitions(t *testing.T) *asked {
	return &asked{answer: func(question rendering.DocumentQuestion) (*rendering.DocumentChanges, error) {
		changes := &rendering.DocumentChanges{}
		for _, document := range question.Documents {
			if document.APIVersion != "apiextensions.k8s.io/v1beta1" {
				continue
			}
			object := copyOfDocument(t, question, document.Index)
			object["apiVersion"] = "apiextensions.k8s.io/v1"
			spec := manifest.MapAt(object, "spec")
			delete(spec, "version")
			spec["versions"] = []any{map[string]any{"name": "v1", "served": true, "storage": true, "schema": map[string]any{
				"openAPIV3Schema": map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true},
			}}}
			changes.Changed = append(changes.Changed, manifest.ChangedDocument{Index: document.Index, Object: object})
		}
		return changes, nil
	}}
}

func TestDefinitionsInHooksOfHelm2AreAppliedFirst(t *testing.T) {
	group := fmt.Sprintf("n%d.walm.test", time.Now().UnixNano())
	object := func(kind string) string {
		return "apiVersion: " + group + "/v1\nkind: " + kind + "\nmetadata: {name: mine}\n"
	}
	services := *testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"crds.yaml": hooked(charttest.NastyDefinition(group, "New", "news")) + "---\n" + charttest.OddConfigMap + "---\n" + hooked(oldDefinition(group)),
		"a.yaml":    object("New") + "---\n" + object("Old"),
	})})
	server := convertDefinitions(t)
	services.ChangeDocuments = server.change
	namespace := newNamespace(t, &services)
	request := installation(namespace, "rel", "web")
	request.Transform = &rendering.Transform{Token: "t1"}

	preview, err := services.Render(t.Context(), RenderRequest{Target: request.Target, Content: request.Content}, nil)
	if err != nil || len(preview.CRDs) != 2 || len(preview.Hooks) != 0 || len(preview.Documents) != 3 {
		t.Fatalf("%+v, %v", preview, err)
	}
	for _, warning := range preview.Warnings {
		if warning.Code != "CRD_HOOK_APPLIED" {
			t.Errorf("a dry run warns of %+v", warning)
		}
	}
	installed, err := services.Install(t.Context(), request, nil)
	if err != nil {
		t.Fatal(err)
	}
	definitions, err := ownCore(t, &services).session.DynamicClient()
	if err != nil {
		t.Fatal(err)
	}
	resource := definitions.Resource(schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"})
	for _, plural := range []string{"news", "olds"} {
		live, err := resource.Get(t.Context(), plural+"."+group, metav1.GetOptions{})
		if err != nil || fmt.Sprint(live.GetAnnotations()) != "map[kept:yes]" {
			t.Errorf("%s: %v, %v", plural, live, err)
		}
		t.Cleanup(func() { _ = resource.Delete(context.Background(), plural+"."+group, metav1.DeleteOptions{}) })
	}
	if len(installed.Warnings) != 2 || installed.Warnings[0].Object.Name != "news."+group {
		t.Errorf("warnings %+v", installed.Warnings)
	}
	if strings.Contains(installed.Manifest, manifest.DefinitionKind) || !strings.Contains(installed.Manifest, charttest.OddConfigMap[:len(charttest.OddConfigMap)-4]) {
		t.Errorf("manifest %s", installed.Manifest)
	}
}

func TestOldDefinitionsOfTheFolderAreConverted(t *testing.T) {
	group := fmt.Sprintf("n%d.walm.test", time.Now().UnixNano())
	services := *testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"crds/old.yaml": oldDefinition(group), "a.yaml": charttest.OddConfigMap})})
	services.ChangeDocuments = convertDefinitions(t).change
	namespace := newNamespace(t, &services)
	request := installation(namespace, "rel", "web")
	request.Transform = &rendering.Transform{Token: "t1"}
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	if _, served := services.Cluster.Namespaced(t.Context(), schema.GroupKind{Group: group, Kind: "Old"}); !served {
		t.Error("the definition was not applied")
	}
}
