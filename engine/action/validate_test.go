package action

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func codeOf(err error) problem.Code {
	if found, ok := problem.From(err); ok {
		return found.Code
	}
	return ""
}

func TestValidationForetellsWhatApplyingFailsWith(t *testing.T) {
	services := testServices(t, charttest.Charts{
		"good":      charttest.Files(map[string]string{"svc.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {clusterIP: None, ports: [{port: 80}]}\n"}),
		"immutable": charttest.Files(map[string]string{"svc.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {clusterIP: 10.0.0.99, ports: [{port: 80}]}\n"}),
		"invalid":   charttest.Files(map[string]string{"svc.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {clusterIP: None, ports: [{port: 99999}]}\n"}),
		"two": charttest.Files(map[string]string{
			"a.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {clusterIP: None, ports: [{port: 99999}]}\n",
			"b.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {ports: [{port: 99999}]}\n",
		}),
	})
	namespace := newNamespace(t, services)
	preview := func(chart string, upgrade, validate bool) (*Rendered, error) {
		request := installation(namespace, "rel", chart)
		return services.Render(t.Context(), RenderRequest{Target: request.Target, Content: request.Content, IsUpgrade: upgrade, Validate: validate}, nil)
	}
	if _, err := preview("good", false, true); err != nil {
		t.Fatalf("a good install: %v", err)
	}
	if _, err := preview("invalid", false, false); err != nil {
		t.Errorf("rendering alone knows nothing of it: %v", err)
	}
	_, foretold := preview("invalid", false, true)
	_, failed := services.Install(t.Context(), installation(namespace, "rel", "invalid"), nil)
	if codeOf(foretold) == "" || codeOf(foretold) != codeOf(failed) {
		t.Errorf("an invalid install: foretold %v, failed with %v", foretold, failed)
	}
	if _, err := services.RemoveFailedInstall(t.Context(), RemoveFailedInstallRequest{Target: installation(namespace, "rel", "").Target, TimeoutMs: 600_000}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := services.Install(t.Context(), installation(namespace, "rel", "good"), nil); err != nil {
		t.Fatal(err)
	}
	for _, chart := range []string{"good", "immutable", "invalid", "two"} {
		_, foretold := preview(chart, true, true)
		_, failed := services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: installation(namespace, "rel", chart), MaxHistory: 10}, nil)
		if codeOf(foretold) != codeOf(failed) {
			t.Errorf("an upgrade to %s: foretold %v, failed with %v", chart, foretold, failed)
		}
		if chart == "two" {
			found, _ := problem.From(foretold)
			if refused, _ := found.Details["refused"].([]map[string]any); len(refused) != 2 {
				t.Errorf("not both are named: %+v", found.Details)
			}
		}
	}
	core, err := ownCore(t, services).session.Core()
	if err != nil {
		t.Fatal(err)
	}
	live, err := core.Services(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil || len(live.Items) != 1 || live.Items[0].Spec.Ports[0].Port != 80 {
		t.Errorf("something was written: %+v, %v", live, err)
	}
}

func TestADryRunJudgesTheChangeThatIsAskedFor(t *testing.T) {
	deployment := func(label string) string {
		return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 0, selector: {matchLabels: {app: " + label +
			"}}, template: {metadata: {labels: {app: " + label + "}}, spec: {containers: [{name: web, image: web}]}}}\n"
	}
	services := testServices(t, charttest.Charts{
		"one": charttest.Files(map[string]string{"d.yaml": deployment("one"), "cm.yaml": charttest.ConfigMap("cm", "")}),
		"two": charttest.Files(map[string]string{"d.yaml": deployment("two"), "cm.yaml": charttest.ConfigMap("cm", "")}),
		"three": charttest.Files(map[string]string{
			"d.yaml": deployment("two"), "cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata: {contested: ours}\n",
		}),
	})
	namespace := newNamespace(t, services)
	if _, err := services.Install(t.Context(), installation(namespace, "rel", "one"), nil); err != nil {
		t.Fatal(err)
	}
	core, err := ownCore(t, services).session.Core()
	if err != nil {
		t.Fatal(err)
	}
	patch := []byte(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm"},"data":{"contested":"theirs"}}`)
	if _, err := core.ConfigMaps(namespace).Patch(t.Context(), "cm", types.ApplyPatchType, patch, metav1.PatchOptions{FieldManager: "somebody"}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		chart, recreate string
		force           bool
		code            problem.Code
	}{
		{"two", "", false, problem.FieldImmutable},
		{"two", "orphan", false, problem.FieldImmutable},
		{"two", "delete", false, ""},
		{"three", "", false, problem.FieldConflict},
		{"three", "", true, ""},
	} {
		wanted := UpgradeRequest{InstallRequest: installation(namespace, "rel", step.chart), MaxHistory: 10, Recreate: step.recreate}
		wanted.ForceConflicts = step.force
		_, foretold := services.Render(t.Context(), RenderRequest{
			Target: wanted.Target, Content: wanted.Content, IsUpgrade: true, Validate: true, ForceConflicts: step.force, Recreate: step.recreate,
		}, nil)
		_, failed := services.Upgrade(t.Context(), wanted, nil)
		if codeOf(foretold) != step.code || codeOf(failed) != step.code || (step.code == "" && (foretold != nil || failed != nil)) {
			t.Errorf("%+v: foretold %v, failed with %v", step, foretold, failed)
		}
	}
}

func TestADryRunJudgesHooksAndWhatComesAlong(t *testing.T) {
	hook := func(document, event string) string {
		return strings.Replace(document, "metadata: {", "metadata: {annotations: {helm.sh/hook: "+event+"}, ", 1)
	}
	configMap := func(name, extra string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + extra + "}\n"
	}
	invalid := "apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {ports: [{port: 99999}]}\n"
	unknown := "apiVersion: nothing.walm.test/v1\nkind: Nothing\nmetadata: {name: nothing}\n"
	account := "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: account}\n"
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec: {serviceAccountName: account, containers: [{name: pod, image: pod}]}\n"
	cases := map[string]struct {
		files map[string]string
		code  problem.Code
	}{
		"hook-invalid":   {map[string]string{"h.yaml": hook(invalid, "pre-install")}, problem.ManifestInvalid},
		"hook-taken":     {map[string]string{"h.yaml": hook(configMap("taken", ""), "post-install")}, problem.ResourceExists},
		"hook-unknown":   {map[string]string{"h.yaml": configMap("first", "") + "---\n" + hook(unknown, "pre-install")}, problem.KindUnknown},
		"hook-elsewhere": {map[string]string{"h.yaml": hook(configMap("cm", ", namespace: walm-test-nowhere"), "pre-install")}, problem.NamespaceNotFound},
		"hook-of-tests":  {map[string]string{"h.yaml": hook(invalid, "test"), "cm.yaml": configMap("cm", "")}, ""},
		"pod-and-more":   {map[string]string{"a.yaml": account + "---\n" + pod}, ""},
		"pod-alone":      {map[string]string{"a.yaml": strings.ReplaceAll(strings.ReplaceAll(pod, "name: pod", "name: alone"), "account", "nobody")}, problem.AdmissionRefused},
		"no-object":      {map[string]string{"a.yaml": "apiVersion: v1\nkind: Binding\nmetadata: {name: b}\ntarget: {name: x}\n"}, problem.KindUnknown},
		"read-only":      {map[string]string{"a.yaml": "apiVersion: v1\nkind: ComponentStatus\nmetadata: {name: b}\n"}, problem.ManifestInvalid},
	}
	charts := charttest.Charts{}
	for name, one := range cases {
		charts[name] = charttest.Files(one.files)
	}
	services := testServices(t, charts)
	namespace := newNamespace(t, services)
	core, err := ownCore(t, services).session.Core()
	if err != nil {
		t.Fatal(err)
	}
	taken := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "taken"}}
	if _, err := core.ConfigMaps(namespace).Create(t.Context(), taken, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	for name, one := range cases {
		request := installation(namespace, name, name)
		_, foretold := services.Render(t.Context(), RenderRequest{Target: request.Target, Content: request.Content, Validate: true}, nil)
		_, failed := services.Install(t.Context(), request, nil)
		if codeOf(foretold) != one.code || codeOf(failed) != one.code || (one.code == "" && (foretold != nil || failed != nil)) {
			t.Errorf("%s: foretold %v, failed with %v", name, foretold, failed)
			continue
		}
		if one.code != "" {
			before, _ := problem.From(foretold)
			then, _ := problem.From(failed)
			if before.Object == nil || then.Object == nil || *before.Object != *then.Object {
				t.Errorf("%s: foretold of %+v, failed at %+v", name, before.Object, then.Object)
			}
		}
		removing := RemoveFailedInstallRequest{Target: request.Target, TimeoutMs: 20_000}
		if _, err := services.RemoveFailedInstall(t.Context(), removing, nil); err != nil && codeOf(err) != problem.ReleaseExists && codeOf(err) != problem.ReleaseNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestADryRunTellsOfForeignObjectsThatAreBeingDeleted: an install would wait until they are gone.
func TestADryRunTellsOfForeignObjectsThatAreBeingDeleted(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("held", "")})})
	namespace := newNamespace(t, services)
	maps := setOf(t, services).CoreV1().ConfigMaps(namespace)
	held := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "held", Finalizers: []string{"walm.test/one"}}}
	if _, err := maps.Create(t.Context(), held, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	request := installation(namespace, "rel", "web")
	foretell := RenderRequest{Target: request.Target, Content: request.Content, Validate: true}
	_, err := services.Render(t.Context(), foretell, nil)
	problemtest.Want(t, err, problem.ResourceExists)
	if err := maps.Delete(t.Context(), "held", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	_, err = services.Render(t.Context(), foretell, nil)
	hanging := problemtest.Want(t, err, problem.ObjectBeingDeleted)
	if hanging.Details["file"] != "web/templates/cm.yaml" || !strings.Contains(hanging.Message, "walm.test/one") {
		t.Errorf("%+v", hanging)
	}
	if _, err := maps.Patch(t.Context(), "held", types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
}

func TestADryRunTellsOfObjectsThatAreBeingDeleted(t *testing.T) {
	held := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, finalizers: [walm.test/one, walm.test/two]}\ndata: {a: \"{{ .Values.a }}\"}\n"
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": held})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	core, err := ownCore(t, services).session.Core()
	if err != nil {
		t.Fatal(err)
	}
	if err := core.ConfigMaps(namespace).Delete(t.Context(), "held", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	request.Values = map[string]any{"a": "b"}
	_, foretold := services.Render(t.Context(), RenderRequest{Target: request.Target, Content: request.Content, IsUpgrade: true, Validate: true}, nil)
	hanging := problemtest.Want(t, foretold, problem.ObjectBeingDeleted)
	if !strings.Contains(hanging.Message, "walm.test/one, walm.test/two") {
		t.Errorf("%+v", hanging)
	}
	patch := []byte(`{"metadata":{"finalizers":null}}`)
	if _, err := core.ConfigMaps(namespace).Patch(t.Context(), "held", types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
}
