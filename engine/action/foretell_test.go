package action

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/cluster"
	"walm.io/engine/problem"
)

func TestForetellRemovalSaysWhatTheDeletionDoes(t *testing.T) {
	services := testServices(t, charttest.Charts{
		"web": charttest.Files(map[string]string{
			"goes.yaml":    charttest.ConfigMap("goes", ""),
			"kept.yaml":    charttest.ConfigMap("kept", "  annotations: {\"helm.sh/resource-policy\": keep}\n"),
			"foreign.yaml": charttest.ConfigMap("foreign", ""),
			"gone.yaml":    charttest.ConfigMap("gone", ""),
		}),
	})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	core, err := ownCore(t, services).session.Core()
	if err != nil {
		t.Fatal(err)
	}
	maps := core.ConfigMaps(namespace)
	other := []byte(`{"metadata":{"annotations":{"meta.helm.sh/release-name":"other"}}}`)
	if _, err := maps.Patch(t.Context(), "foreign", types.MergePatchType, other, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := maps.Delete(t.Context(), "gone", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	wanted := map[string]string{"goes": cluster.FateDeleted, "kept": cluster.FateKept, "foreign": cluster.FateKept, "gone": cluster.FateAbsent}
	foretold, err := services.ForetellRemoval(t.Context(), ForetellRemovalRequest{Target: request.Target}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, fate := range foretold.Objects {
		if fate.Outcome != wanted[fate.Object.Name] || (fate.Outcome != cluster.FateDeleted) != (fate.Reason != "") {
			t.Errorf("%s: %+v", fate.Object.Name, fate)
		}
	}
	if len(foretold.Objects) != len(wanted) || foretold.Revision != 1 {
		t.Errorf("foretold %+v", foretold)
	}
	if all, err := services.ForetellRemoval(t.Context(), ForetellRemovalRequest{Target: request.Target, Except: 1}, nil); err != nil || len(all.Objects) != 0 {
		t.Errorf("what the revision has stays: %+v, %v", all, err)
	}
	if _, err := services.Uninstall(t.Context(), UninstallRequest{Target: request.Target, TimeoutMs: 600_000, Wait: true}, nil); err != nil {
		t.Fatal(err)
	}
	left, err := maps.List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range left.Items {
		if wanted[one.Name] == cluster.FateDeleted {
			t.Errorf("%s is left", one.Name)
		}
		delete(wanted, one.Name)
	}
	if len(wanted) != 2 {
		t.Errorf("not left, though foretold: %v", wanted)
	}
}

func TestForetellRemovalTellsWhatTheClusterWouldRefuse(t *testing.T) {
	secret := func(extra string) string {
		return "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nimmutable: true\nstringData: {a: " + extra + "}\n"
	}
	services := testServices(t, charttest.Charts{
		"one": charttest.Files(map[string]string{"s.yaml": secret("one"), "cm.yaml": charttest.ConfigMap("cm", "")}),
		"two": charttest.Files(map[string]string{"s.yaml": secret("two"), "cm.yaml": charttest.ConfigMap("cm", "")}),
	})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "one")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	again := UpgradeRequest{InstallRequest: installation(namespace, "rel", "two"), MaxHistory: 10, Recreate: "delete"}
	if _, err := services.Upgrade(t.Context(), again, nil); err != nil {
		t.Fatal(err)
	}
	foretold, err := services.ForetellRemoval(t.Context(), ForetellRemovalRequest{Target: request.Target, Except: 1}, nil)
	if err != nil || foretold.Refused == nil || foretold.Refused.Code != problem.FieldImmutable || foretold.Refused.Object.Name != "s" {
		t.Errorf("a rollback: %+v, %v", foretold, err)
	}
	// What goes back otherwise than it was recorded is judged as it goes back.
	as := func(word string) map[string]any {
		return map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": "s"}, "immutable": true, "stringData": map[string]any{"a": word}}
	}
	for word, isRefused := range map[string]bool{"one": true, "two": false} {
		back := ForetellRemovalRequest{Target: request.Target, Except: 1, Applied: []map[string]any{as(word)}}
		if foretold, err := services.ForetellRemoval(t.Context(), back, nil); err != nil || (foretold.Refused != nil) != isRefused || len(foretold.Objects) != 0 {
			t.Errorf("%s: %+v, %v", word, foretold, err)
		}
	}
	rendered := ForetellRemovalRequest{Target: request.Target, Except: 1, Applied: []map[string]any{as("one")}, Rendered: true}
	if foretold, err := services.ForetellRemoval(t.Context(), rendered, nil); err != nil || foretold.Refused != nil ||
		len(foretold.Objects) != 1 || foretold.Objects[0].Object.Name != "cm" || foretold.Objects[0].Outcome != cluster.FateDeleted {
		t.Errorf("what was judged: %+v, %v", foretold, err)
	}
	good := map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "cm"}, "data": map[string]any{"a": "b"}}
	bad := map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "cm"}, "data": map[string]any{"not a key": "b"}}
	for name, objects := range map[string][]map[string]any{"": {good}, "cm": {good, bad}} {
		foretold, err := services.ForetellRemoval(t.Context(), ForetellRemovalRequest{Target: request.Target, Applied: objects, KeepsAll: true}, nil)
		if err != nil || len(foretold.Objects) > 0 || (foretold.Refused == nil) != (name == "") {
			t.Errorf("%v: %+v, %v", objects, foretold, err)
		}
	}
	foretold, err = services.ForetellRemoval(t.Context(), ForetellRemovalRequest{Target: request.Target}, nil)
	if err != nil || foretold.Refused != nil || len(foretold.Objects) != 2 {
		t.Errorf("a deletion: %+v, %v", foretold, err)
	}
}
