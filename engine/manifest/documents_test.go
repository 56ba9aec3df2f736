package manifest

import (
	"encoding/json"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestManifestDocuments(t *testing.T) {
	manifest := `---
# Source: web/templates/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {big: 12345678901234567, exact: 9007199254740992, float: 1.5e300}
---
# Source: web/templates/comment.yaml
# nothing here
---
# Source: web/templates/list.yaml
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: own, namespace: ignored}}
- {apiVersion: v1, kind: Secret, metadata: {name: s, namespace: elsewhere}}
---
# Source: web/templates/typed.yaml
apiVersion: v1
kind: SecretList
items: [{metadata: {name: typed}}]
---
# Source: web/templates/any.yaml
apiVersion: v1
kind: Secret
items: [{metadata: {name: any}}, {apiVersion: v1, kind: Pod, metadata: {name: pod}}]
`
	found := DocumentsOf(manifest, "ns", func(kind schema.GroupKind) bool { return kind.Kind != "Namespace" })
	want := []struct{ source, kind, namespace, name string }{
		{"web/templates/a.yaml", "ConfigMap", "ns", "a"},
		{"web/templates/list.yaml", "Namespace", "", "own"},
		{"web/templates/list.yaml", "Secret", "elsewhere", "s"},
		{"web/templates/typed.yaml", "Secret", "ns", "typed"},
		{"web/templates/any.yaml", "Secret", "ns", "any"},
		{"web/templates/any.yaml", "Pod", "ns", "pod"},
	}
	if len(found) != len(want) {
		t.Fatalf("found %+v", found)
	}
	for index, one := range want {
		got := found[index]
		if got.Index != index || got.Source != one.source || got.Kind != one.kind || got.Namespace != one.namespace || got.Name != one.name {
			t.Errorf("document %d is %+v", index, got)
		}
	}
	text, err := json.Marshal(found[0].Object["data"])
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text); got != `{"big":"12345678901234567","exact":9007199254740992,"float":1.5e+300}` {
		t.Errorf("numbers became %s", got)
	}
}
