package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/client-go/kubernetes/scheme"

	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"

	"walm.io/engine/record"
)

// Rules of Kubernetes that the server implements itself: server/domain/kube/shared-rules.test.ts reads the same files.
// Here they are checked against the code of Kubernetes itself.
func readRules(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "rules", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

func TestLabelsAreThoseOfKubernetes(t *testing.T) {
	var rules struct {
		Keys, Values map[string]bool
		Selectors    struct {
			Labels   labels.Set
			Selected map[string]bool
			Refused  []string
		}
	}
	readRules(t, "labels", &rules)
	for key, valid := range rules.Keys {
		if faults := validation.IsQualifiedName(key); (len(faults) == 0) != valid {
			t.Errorf("the key %q: %v", key, faults)
		}
	}
	for value, valid := range rules.Values {
		if faults := validation.IsValidLabelValue(value); (len(faults) == 0) != valid {
			t.Errorf("the value %q: %v", value, faults)
		}
	}
	for text, selected := range rules.Selectors.Selected {
		selector, err := labels.Parse(text)
		if err != nil || selector.Matches(rules.Selectors.Labels) != selected {
			t.Errorf("the selector %q: %v, and not %t", text, err, selected)
		}
	}
	for _, text := range rules.Selectors.Refused {
		if _, err := labels.Parse(text); err == nil {
			t.Errorf("the selector %q is understood", text)
		}
	}
	if len(rules.Keys) == 0 || len(rules.Values) == 0 || len(rules.Selectors.Selected) == 0 || len(rules.Selectors.Refused) == 0 {
		t.Error("rules are missing")
	}
}

func TestQuantitiesAreThoseOfKubernetes(t *testing.T) {
	var rules struct {
		Thousandths map[string]int64
		Refused     []string
	}
	readRules(t, "quantities", &rules)
	for text, wanted := range rules.Thousandths {
		quantity, err := resource.ParseQuantity(text)
		if err != nil || quantity.MilliValue() != wanted {
			t.Errorf("%q is %d thousandths, and not %d: %v", text, quantity.MilliValue(), wanted, err)
		}
	}
	for _, text := range rules.Refused {
		if quantity, err := resource.ParseQuantity(text); err == nil {
			t.Errorf("%q is %v", text, &quantity)
		}
	}
	if len(rules.Thousandths) == 0 || len(rules.Refused) == 0 {
		t.Error("rules are missing")
	}
}

func TestStrategicMergesAreThoseOfKubernetes(t *testing.T) {
	type merge struct {
		Name                  string
		Target, Patch, Result map[string]any
	}
	var rules struct{ Merged, Refused []merge }
	readRules(t, "strategic-merge", &rules)
	merged := func(one merge) (map[string]any, error) {
		version, _ := one.Target["apiVersion"].(string)
		kind, _ := one.Target["kind"].(string)
		described, err := scheme.Scheme.New(schema.FromAPIVersionAndKind(version, kind))
		if err != nil {
			t.Fatal(err)
		}
		return strategicpatch.StrategicMergeMapPatch(one.Target, one.Patch, described)
	}
	for _, one := range rules.Merged {
		if got, err := merged(one); err != nil || !reflect.DeepEqual(map[string]any(got), one.Result) {
			t.Errorf("%s: %v, %v", one.Name, got, err)
		}
	}
	for _, one := range rules.Refused {
		if got, err := merged(one); err == nil {
			t.Errorf("%s: %v", one.Name, got)
		}
	}
	if len(rules.Merged) == 0 || len(rules.Refused) == 0 {
		t.Error("rules are missing")
	}
}

func TestNamesOfReleasesAreThoseOfHelm(t *testing.T) {
	var rules map[string]bool
	readRules(t, "release-names", &rules)
	for name, valid := range rules {
		if err := chartutil.ValidateReleaseName(name); (err == nil) != valid {
			t.Errorf("the name %q: %v", name, err)
		}
	}
	if len(rules) == 0 {
		t.Error("rules are missing")
	}
}

func TestNamesOfRecordsAreThoseOfReleases(t *testing.T) {
	var rules map[string]*struct {
		Release  string
		Revision int
	}
	readRules(t, "record-names", &rules)
	for name, wanted := range rules {
		place, ok := record.PlaceOf("demo", name)
		if ok != (wanted != nil) || (ok && (place.Name != wanted.Release || place.Revision != wanted.Revision)) {
			t.Errorf("%q: %+v, %t", name, place, ok)
		}
	}
	if len(rules) == 0 {
		t.Error("rules are missing")
	}
}
