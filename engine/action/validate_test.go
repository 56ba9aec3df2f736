package action

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
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
