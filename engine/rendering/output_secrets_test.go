package rendering

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestLeavesAreHiddenAndTheirSourcesNoted(t *testing.T) {
	outputs := map[string]any{"DB": map[string]any{"url": "pg://hunter2", "big": json.Number("12345678901234567890")}, "list": []any{"a", "hunter2"}}
	spec := map[string]any{"outputConfig": outputs}
	parts := []map[string]any{{"values": []any{"password"}}}
	if err := hideLeaves(spec, []OutputSecret{{Path: []string{"DB", "url"}, Parts: parts}, {Path: []string{"list", "1"}, Parts: parts}}); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"DB": map[string]any{"url": "***", "big": json.Number("12345678901234567890")}, "list": []any{"a", "***"}}
	if !reflect.DeepEqual(spec["outputConfig"], want) {
		t.Errorf("outputConfig is %v", spec["outputConfig"])
	}
	if outputs["list"].([]any)[1] != "hunter2" {
		t.Error("what the chart rendered was changed")
	}
	noted, _ := spec["outputSecrets"].([]any)
	if len(noted) != 2 || !reflect.DeepEqual(noted[0], map[string]any{"path": []any{"DB", "url"}, "parts": []any{map[string]any{"values": []any{"password"}}}}) {
		t.Errorf("outputSecrets are %v", noted)
	}
	if err := hideLeaves(spec, []OutputSecret{{Path: []string{"list", "2"}, Parts: parts}}); err == nil {
		t.Error("a leaf that is not there was hidden")
	}
}

func TestSecretsAreFoundAmongRenderedFiles(t *testing.T) {
	files := map[string]string{
		"a.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: one}\nstringData: {a: x}\ndata: {b: eQ==, c: 7}\n---\nkind: ConfigMap\ndata: {Secret: z}\n",
		"b.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: two, namespace: elsewhere}\ndata: {b: eQ==}\n",
	}
	want := []RenderedSecret{{Name: "one", Data: map[string]string{"a": "eA==", "b": "eQ=="}}}
	if got := secretsOf(files, "shop"); !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}
