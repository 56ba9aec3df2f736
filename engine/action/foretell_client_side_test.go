package action

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
)

// clientSideChanges are values of an upgrade of a release that Helm applies on the client's side, with what it is refused with.
var clientSideChanges = map[string]struct {
	values map[string]any
	code   problem.Code
	object string
}{
	"good":      {map[string]any{"v": "b"}, "", ""},
	"same":      {map[string]any{}, "", ""},
	"immutable": {map[string]any{"frozen": "b"}, problem.FieldImmutable, "frozen"},
	"invalid":   {map[string]any{"port": 99999}, problem.ManifestInvalid, "web"},
	"new":       {map[string]any{"more": 99999}, problem.ManifestInvalid, "more"},
	"quota":     {map[string]any{"more": 81}, problem.QuotaExceeded, "more"},
}

// TestDryRunsJudgeWhatHelmAppliesOnTheClientsSide compares the dry run with the upgrade, and with the cluster before it.
func TestDryRunsJudgeWhatHelmAppliesOnTheClientsSide(t *testing.T) {
	service := "apiVersion: v1\nkind: Service\nmetadata: {name: NAME}\nspec: {ports: [{port: {{ .Values.PORT }}}], selector: {a: b}}\n"
	named := func(name, port string) string {
		return strings.NewReplacer("NAME", name, "PORT", port).Replace(service)
	}
	charts := charttest.Charts{"web": charttest.Files(map[string]string{
		"cm.yaml":     charttest.ConfigMap("cm", "data: {v: \"{{ .Values.v }}\"}\n"),
		"frozen.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: frozen}\nimmutable: true\ndata: {v: \"{{ .Values.frozen }}\"}\n",
		"web.yaml":    named("web", "port"),
		"more.yaml":   "{{ if .Values.more }}\n" + named("more", "more") + "{{ end }}",
		"twice.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: twice}\nspec: {replicas: 0, selector: {matchLabels: {a: c}}, template: {metadata: {labels: {a: c}}, " +
			"spec: {containers: [{name: a, image: nginx, env: [{name: X, value: \"1\"}, {name: X, value: \"{{ .Values.v }}\"}]}]}}}\n",
		"values.yaml": "v: a\nfrozen: a\nport: 80\nmore: 0\n",
	})}
	walm := testServices(t, charts)
	for name, change := range clientSideChanges {
		namespace := newNamespace(t, walm)
		installBy(t, walm, charts, namespace, false)
		if name == "quota" {
			limit(t, walm, namespace, "count/services", "1")
		}
		maps := setOf(t, walm).CoreV1().ConfigMaps(namespace)
		if _, err := maps.Patch(t.Context(), "cm", types.MergePatchType, []byte(`{"data":{"theirs":"x"}}`), metav1.PatchOptions{}); err != nil {
			t.Fatal(err)
		}
		before := versionsIn(t, walm, namespace)
		upgrading := UpgradeRequest{InstallRequest: installation(namespace, "rel", "web"), MaxHistory: 10}
		upgrading.Values = change.values
		for _, forced := range []bool{false, true} {
			preview := RenderRequest{Target: upgrading.Target, Content: upgrading.Content, IsUpgrade: true, Validate: true, ForceConflicts: forced}
			shown, err := walm.Render(t.Context(), preview, nil)
			wantRefusal(t, name+", foretold", err, change.code, change.object)
			if shown != nil && len(shown.Warnings) > 0 {
				t.Errorf("%s: warnings %+v", name, shown.Warnings)
			}
		}
		if after := versionsIn(t, walm, namespace); after != before {
			t.Errorf("%s: the dry run has written:\n%s\n%s", name, before, after)
		}
		_, err := walm.Upgrade(t.Context(), upgrading, nil)
		wantRefusal(t, name, err, change.code, change.object)
	}
}

func wantRefusal(t *testing.T, name string, err error, code problem.Code, object string) {
	t.Helper()
	if code == "" && err == nil {
		return
	}
	refused, found := problem.From(err)
	if !found || refused.Code != code || refused.Object == nil || refused.Object.Name != object || refused.Details["file"] == nil {
		t.Errorf("%s: %v", name, err)
	}
}

// versionsIn are names and versions of the objects in a namespace that the charts of a test make.
func versionsIn(t *testing.T, services *Services, namespace string) string {
	t.Helper()
	set, found := setOf(t, services), []string{}
	add := func(object metav1.ObjectMeta) { found = append(found, object.Name+" "+object.ResourceVersion) }
	maps, err := set.CoreV1().ConfigMaps(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range maps.Items {
		add(one.ObjectMeta)
	}
	web, err := set.CoreV1().Services(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range web.Items {
		add(one.ObjectMeta)
	}
	records, err := set.CoreV1().Secrets(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range records.Items {
		add(one.ObjectMeta)
	}
	return strings.Join(found, ", ")
}
