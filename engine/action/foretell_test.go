package action

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/chart/charttest"
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
	wanted := map[string]string{"goes": fateDeleted, "kept": fateKept, "foreign": fateKept, "gone": fateGone}
	foretold, err := services.ForetellRemoval(t.Context(), ForetellRemovalRequest{Target: request.Target}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, fate := range foretold.Objects {
		if fate.Outcome != wanted[fate.Object.Name] || (fate.Outcome != fateDeleted) != (fate.Reason != "") {
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
		if wanted[one.Name] == fateDeleted {
			t.Errorf("%s is left", one.Name)
		}
		delete(wanted, one.Name)
	}
	if len(wanted) != 2 {
		t.Errorf("not left, though foretold: %v", wanted)
	}
}
