package action

import (
	"strings"
	"testing"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func TestWhatARefusedChangeRecreatedIsRecreatedBack(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"a.yaml":      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: im}\nimmutable: true\ndata: {v: \"{{ .Values.v }}\"}\n",
		"b.yaml":      frozenWorkload,
		"z.yaml":      "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: {{ if eq .Values.v \"bad\" }}99999{{ else }}80{{ end }}}]}\n",
		"values.yaml": "v: good\n",
	})})
	namespace := newNamespace(t, services)
	installing := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), installing, nil); err != nil {
		t.Fatal(err)
	}
	upgrading := UpgradeRequest{InstallRequest: installing, Recreate: "delete"}
	upgrading.Values = map[string]any{"v": "bad"}
	_, err := services.Upgrade(t.Context(), upgrading, nil)
	if refused := problemtest.Want(t, err, problem.ManifestInvalid); strings.Contains(refused.Message, "taken back") {
		t.Error(refused.Message)
	}
	set := setOf(t, services)
	if found := live(t, set.CoreV1().ConfigMaps(namespace), "im"); found.Data["v"] != "good" {
		t.Errorf("the content of the refused revision is in force: %v", found.Data)
	}
	if found := live(t, set.AppsV1().Deployments(namespace), "web"); found.Spec.Selector.MatchLabels["v"] != "good" {
		t.Errorf("the workload of the refused revision runs: %v", found.Spec.Selector)
	}
}

const frozenWorkload = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 0, selector: {matchLabels: {v: \"{{ .Values.v }}\"}}, " +
	"template: {metadata: {labels: {v: \"{{ .Values.v }}\"}}, spec: {containers: [{name: a, image: nginx}]}}}\n"
