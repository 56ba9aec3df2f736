package action

import (
	"testing"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
)

// TestAFailedRevisionSaysWhatItsOperationAnswered compares the answers of operations that fail with what a later process reads
// of their revisions.
func TestAFailedRevisionSaysWhatItsOperationAnswered(t *testing.T) {
	frozen := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: frozen}\nimmutable: true\ndata: {v: \"{{ .Values.v }}\"}\n"
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: hook, annotations: {helm.sh/hook: pre-upgrade, sandbox.walm.io/behaviour: fail}}\n" +
		"spec: {restartPolicy: Never, containers: [{name: a, image: nginx}]}\n"
	charts := charttest.Charts{
		"good":  charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("a", ""), "f.yaml": frozen, "values.yaml": "v: a\n"}),
		"hooks": charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("a", ""), "f.yaml": frozen, "h.yaml": pod, "values.yaml": "v: a\n"}),
		"more":  charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("a", ""), "s.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n"}),
	}
	services := testServices(t, charts)
	for name, test := range map[string]struct {
		chart, object, file string
		values              map[string]any
		code                problem.Code
	}{
		"immutable": {"good", "frozen", "web/templates/f.yaml", map[string]any{"v": "b"}, problem.FieldImmutable},
		"hook":      {"hooks", "hook", "", nil, problem.HookFailed},
		"quota":     {"more", "s", "web/templates/s.yaml", nil, problem.QuotaExceeded},
	} {
		namespace := newNamespace(t, services)
		request := installation(namespace, "rel", "good")
		if _, err := services.Install(t.Context(), request, nil); err != nil {
			t.Fatal(name, err)
		}
		if name == "quota" {
			limit(t, services, namespace, "count/services", "0")
		}
		upgrading := UpgradeRequest{InstallRequest: installation(namespace, "rel", test.chart), MaxHistory: 10}
		upgrading.Values = test.values
		_, err := services.Upgrade(t.Context(), upgrading, nil)
		answer, found := problem.From(err)
		if !found || answer.Code != test.code {
			t.Fatalf("%s: %v", name, err)
		}
		read, err := services.Get(t.Context(), RevisionRequest{Target: request.Target})
		if err != nil || read.Revision != 2 || read.Failure == nil {
			t.Fatalf("%s: %+v, %v", name, read, err)
		}
		noted := read.Failure
		if noted.Code != answer.Code || noted.Object == nil || noted.Object.Name != test.object || noted.Field != answer.Field {
			t.Errorf("%s: noted is %+v about %+v, answered was %+v", name, noted, noted.Object, answer)
		}
		if file, _ := noted.Details["file"].(string); file != test.file && test.file != "" {
			t.Errorf("%s: the file is %q", name, file)
		}
		if noted.Message == "" {
			t.Errorf("%s: there is no message", name)
		}
		first, err := services.Get(t.Context(), RevisionRequest{Target: request.Target, Revision: 1})
		if err != nil || first.Failure != nil {
			t.Errorf("%s: the applied revision has %+v, %v", name, first, err)
		}
	}
}
