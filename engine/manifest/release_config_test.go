package manifest

import (
	"maps"
	"reflect"
	"strings"
	"testing"
)

func ownReleaseConfig() map[string]any {
	return map[string]any{
		"apiVersion": ReleaseConfigVersion,
		"kind":       ReleaseConfigKind,
		"metadata":   map[string]any{"name": "rel", "labels": map[string]any{"app": "walm"}},
		"spec":       map[string]any{"configValues": map[string]any{"a": "b"}, "outputConfig": map[string]any{}},
	}
}

const shippedReleaseConfig = `apiVersion: apiextensions.transwarp.io/v1beta1
kind: ReleaseConfig
metadata: {name: NAME, labels: {app: chart, extra: label}}
spec: {outputConfig: {ADDRESS: host}, configValues: {evil: true}}
`

// publish leaves outputs and values unchanged.
func publish(map[string]any, bool) error { return nil }

func TestReleaseConfigIsAppended(t *testing.T) {
	files := map[string]string{"web/templates/a.yaml": "kind: A\r\n---\n# ReleaseConfig is only mentioned\nkind: B\n"}
	before := maps.Clone(files)
	if err := AddReleaseConfig(files, "web/templates/own.yaml", ownReleaseConfig(), nil, publish); err != nil {
		t.Fatal(err)
	}
	if files["web/templates/a.yaml"] != before["web/templates/a.yaml"] {
		t.Errorf("another file changed: %q", files["web/templates/a.yaml"])
	}
	object, err := ParseObject(files["web/templates/own.yaml"])
	if err != nil || !reflect.DeepEqual(object, ownReleaseConfig()) {
		t.Errorf("%v, %v", object, err)
	}
}

func TestReleaseConfigOfTheChartIsMerged(t *testing.T) {
	first, last := "kind: A\nvalue: 1   \n", "kind: Z\n"
	files := map[string]string{
		"web/templates/rc.yaml": first + "---\n" + replaceName(shippedReleaseConfig, "rel") + "--- \n" + last,
	}
	ours := ownReleaseConfig()
	if err := AddReleaseConfig(files, "web/templates/own.yaml", ours, nil, publish); err != nil {
		t.Fatal(err)
	}
	if got := files["web/templates/rc.yaml"]; got != first+"---\n"+last {
		t.Errorf("the other documents became %q", got)
	}
	object, err := ParseObject(files["web/templates/own.yaml"])
	if err != nil {
		t.Fatal(err)
	}
	if got := MapAt(object, "spec", "outputConfig"); !reflect.DeepEqual(got, map[string]any{"ADDRESS": "host"}) {
		t.Errorf("outputConfig is %v", got)
	}
	if got := MapAt(object, "metadata", "labels"); !reflect.DeepEqual(got, map[string]any{"app": "walm", "extra": "label"}) {
		t.Errorf("labels are %v", got)
	}
	if got := MapAt(object, "spec", "configValues"); !reflect.DeepEqual(got, map[string]any{"a": "b"}) {
		t.Errorf("configValues are %v", got)
	}
	if !reflect.DeepEqual(ours, ownReleaseConfig()) {
		t.Error("the request was changed")
	}
}

func TestRemovedLabelsOfTheChartStayAway(t *testing.T) {
	ours := ownReleaseConfig()
	ours["spec"].(map[string]any)["removedLabels"] = []any{"extra"}
	files := map[string]string{"web/templates/rc.yaml": replaceName(shippedReleaseConfig, "rel")}
	if err := AddReleaseConfig(files, "web/templates/own.yaml", ours, nil, publish); err != nil {
		t.Fatal(err)
	}
	object, err := ParseObject(files["web/templates/own.yaml"])
	if err != nil {
		t.Fatal(err)
	}
	if got := MapAt(object, "metadata", "labels"); !reflect.DeepEqual(got, map[string]any{"app": "walm"}) {
		t.Errorf("labels are %v", got)
	}
}

func TestForeignReleaseConfigIsDropped(t *testing.T) {
	files := map[string]string{"web/templates/rc.yaml": replaceName(shippedReleaseConfig, "other")}
	if err := AddReleaseConfig(files, "web/templates/own.yaml", ownReleaseConfig(), nil, publish); err != nil {
		t.Fatal(err)
	}
	if files["web/templates/rc.yaml"] != "" {
		t.Errorf("it stayed: %q", files["web/templates/rc.yaml"])
	}
	object, err := ParseObject(files["web/templates/own.yaml"])
	if err != nil || !reflect.DeepEqual(object, ownReleaseConfig()) {
		t.Errorf("%v, %v", object, err)
	}
}

func replaceName(text, name string) string {
	return strings.Replace(text, "NAME", name, 1)
}
