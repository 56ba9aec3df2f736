package action

import (
	"maps"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/cluster"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

// TestADryRunTellsWhatAnUpgradeDoesWithWhatTheChartNoLongerHas compares the fates, the warnings and what the upgrade does.
func TestADryRunTellsWhatAnUpgradeDoesWithWhatTheChartNoLongerHas(t *testing.T) {
	first := map[string]string{
		"stays.yaml":     charttest.ConfigMap("stays", ""),
		"goes.yaml":      charttest.ConfigMap("goes", ""),
		"kept.yaml":      charttest.ConfigMap("kept", "  annotations: {\"helm.sh/resource-policy\": keep}\n"),
		"recorded.yaml":  charttest.ConfigMap("recorded", "  annotations: {\"helm.sh/resource-policy\": keep}\n"),
		"foreign.yaml":   charttest.ConfigMap("foreign", ""),
		"gone.yaml":      charttest.ConfigMap("gone", ""),
		"namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: \"{{ .Release.Namespace }}-in\"}\n",
	}
	failing := maps.Clone(first)
	failing["left.yaml"] = charttest.ConfigMap("left", "")
	failing["hook.yaml"] = "apiVersion: v1\nkind: Pod\nmetadata: {name: hook, annotations: {helm.sh/hook: post-upgrade, sandbox.walm.io/behaviour: fail}}\n" +
		"spec: {restartPolicy: Never, containers: [{name: a, image: nginx}]}\n"
	services := testServices(t, charttest.Charts{
		"one": charttest.Files(first), "bad": charttest.Files(failing),
		"two": charttest.Files(map[string]string{"stays.yaml": charttest.ConfigMap("stays", "")}),
	})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "one")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	_, err := services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: installation(namespace, "rel", "bad"), MaxHistory: 10}, nil)
	problemtest.Want(t, err, problem.HookFailed)
	configs := setOf(t, services).CoreV1().ConfigMaps(namespace)
	for name, patch := range map[string]string{
		"foreign":  `{"metadata":{"annotations":{"meta.helm.sh/release-name":"other"}}}`,
		"recorded": `{"metadata":{"annotations":{"helm.sh/resource-policy":null}}}`,
	} {
		if _, err := configs.Patch(t.Context(), name, types.MergePatchType, []byte(patch), metav1.PatchOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := configs.Delete(t.Context(), "gone", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	makeConfigMap(t, services, namespace+"-in", "theirs", metav1.ObjectMeta{})
	wanted := map[string]string{
		"goes": cluster.FateDeleted, "left": cluster.FateDeleted, "kept": cluster.FateKept, "recorded": cluster.FateKept, "foreign": cluster.FateKept,
		"gone": cluster.FateAbsent, namespace + "-in": cluster.FateKept,
	}
	upgrading := installation(namespace, "rel", "two")
	for _, validate := range []bool{false, true} {
		preview := RenderRequest{Target: upgrading.Target, Content: upgrading.Content, IsUpgrade: true, Validate: validate}
		rendered, err := services.Render(t.Context(), preview, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, fate := range rendered.Removals {
			if fate.Outcome != wanted[fate.Object.Name] || (fate.Outcome != cluster.FateDeleted) != (fate.Reason != "") {
				t.Errorf("%s: %+v", fate.Object.Name, fate)
			}
			if warned(rendered.Warnings, fate.Object.Name) != (fate.Outcome == cluster.FateKept) {
				t.Errorf("%s is %s, but the warnings are %+v", fate.Object.Name, fate.Outcome, rendered.Warnings)
			}
		}
		if len(rendered.Removals) != len(wanted) {
			t.Errorf("foretold %+v", rendered.Removals)
		}
	}
	upgraded, err := services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: upgrading, MaxHistory: 10}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, fate := range wanted {
		if warned(upgraded.Warnings, name) != (fate == cluster.FateKept) {
			t.Errorf("%s was foretold as %s, but the warnings of the upgrade are %+v", name, fate, upgraded.Warnings)
		}
	}
	wantConfigMaps(t, services, namespace, []string{"stays", "kept", "recorded", "foreign"}, []string{"goes", "gone", "left"})
}

// TestADryRunTellsThatTheClusterRefusesADeletion has an admission webhook refuse it.
func TestADryRunTellsThatTheClusterRefusesADeletion(t *testing.T) {
	services := testServices(t, charttest.Charts{
		"one": charttest.Files(map[string]string{"stays.yaml": charttest.ConfigMap("stays", ""), "goes.yaml": charttest.ConfigMap("goes", "")}),
		"two": charttest.Files(map[string]string{"stays.yaml": charttest.ConfigMap("stays", "")}),
	})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "one")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	silentWebhookFor(t, services, namespace)
	upgrading := installation(namespace, "rel", "two")
	preview := RenderRequest{Target: upgrading.Target, Content: upgrading.Content, IsUpgrade: true, Validate: true}
	_, err := services.Render(t.Context(), preview, nil)
	foretold := problemtest.Want(t, err, problem.AdmissionUnavailable)
	_, err = services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: upgrading, MaxHistory: 10}, nil)
	refused := problemtest.Want(t, err, problem.AdmissionUnavailable)
	for _, one := range []*problem.Problem{foretold, refused} {
		if one.Object == nil || one.Object.Name != "goes" {
			t.Errorf("the refusal is %+v", one)
		}
	}
}
