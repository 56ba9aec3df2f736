package action

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

// copied is metadata as `kubectl get -o yaml` prints it.
const copied = `  creationTimestamp: "2020-01-01T00:00:00Z"
  generation: 4
  resourceVersion: "17"
  selfLink: /api/v1/namespaces/x/configmaps/x
  uid: 6e0c0ee1-1d45-4a2e-9f1c-0f2c1d6a7b11
  managedFields: [{manager: kubectl, operation: Update, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:data": {}}}]
`

// TestFieldsThatOnlyTheClusterSetsAreHarmless has them in objects and hooks of charts, empty and copied from a live object.
func TestFieldsThatOnlyTheClusterSetsAreHarmless(t *testing.T) {
	data := "data: {v: \"{{ .Values.v }}\"}\n"
	hook := "  annotations: {\"helm.sh/hook\": \"pre-install,pre-upgrade,pre-rollback\"}\n"
	given := map[string]string{
		"empty":  "  resourceVersion: \"\"\n  uid: \"\"\n",
		"null":   "  creationTimestamp: null\n  resourceVersion: null\n  uid: null\n",
		"copied": copied,
	}
	charts := charttest.Charts{}
	for name, fields := range given {
		charts[name] = charttest.Files(map[string]string{
			"values.yaml": "v: \"1\"\n", "cm.yaml": charttest.ConfigMap("cm-"+name, fields+data), "hook.yaml": charttest.ConfigMap("hook-"+name, fields+hook+data),
		})
	}
	walm := testServices(t, charts)
	for name := range given {
		for mode, server := range map[string]bool{"server": true, "client": false} {
			t.Run(name+"-"+mode, func(t *testing.T) {
				namespace := newNamespace(t, walm)
				installing := installation(namespace, "rel", name)
				if _, err := walm.Render(t.Context(), RenderRequest{Target: installing.Target, Content: installing.Content, Validate: true}, nil); err != nil {
					t.Fatal(err)
				}
				if server {
					made, err := walm.Install(t.Context(), installing, nil)
					if err != nil {
						t.Fatal(err)
					}
					warned := false
					for _, warning := range made.Warnings {
						warned = warned || warning.Code == "FIELD_REMOVED"
					}
					if warned != (name == "copied") {
						t.Errorf("warnings %v", made.Warnings)
					}
				} else if name != "null" {
					// Helm itself installs none of the others on the client's side.
					installBy(t, walm, charttest.Charts{"web": charttest.Files(map[string]string{
						"values.yaml": "v: \"1\"\n", "cm.yaml": charttest.ConfigMap("cm-"+name, data),
					})}, namespace, false)
				} else {
					installBy(t, walm, charttest.Charts{"web": charts[name]}, namespace, false)
				}
				for _, v := range []string{"2", "2", "3"} {
					upgrading := UpgradeRequest{InstallRequest: installing}
					upgrading.Values = map[string]any{"v": v}
					if _, err := walm.Upgrade(t.Context(), upgrading, nil); err != nil {
						t.Fatalf("upgrade to %s: %v", v, err)
					}
					if value := live(t, setOf(t, walm).CoreV1().ConfigMaps(namespace), "cm-"+name).Data["v"]; value != v {
						t.Errorf("v is %s, and not %s", value, v)
					}
				}
				rollback := RewriteRequest{Target: installing.Target, Base: 2, Hooks: hooksRollback, TimeoutMs: 600_000, ForceConflicts: true}
				if _, err := walm.Rewrite(t.Context(), rollback, nil); err != nil {
					t.Fatal(err)
				}
				compared, err := walm.Compare(t.Context(), RevisionRequest{Target: installing.Target})
				if err != nil || len(compared) != 1 || compared[0].Outcome != outcomeCompared {
					t.Errorf("compared %+v, %v", compared, err)
				}
				if _, err := walm.Uninstall(t.Context(), UninstallRequest{Target: installing.Target, TimeoutMs: 600_000}, nil); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// TestADocumentWithTheIdentityOfAnObjectTakesNothingOver has a chart name the UID and version of another release's object:
// they are no way around the rules about objects of others.
func TestADocumentWithTheIdentityOfAnObjectTakesNothingOver(t *testing.T) {
	charts := charttest.Charts{
		"web":   charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "data: {whose: first}\n")}),
		"thief": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "  uid: \"{{ .Values.uid }}\"\n  resourceVersion: \"{{ .Values.version }}\"\ndata: {whose: second}\n")}),
		"empty": charttest.Files(map[string]string{"sa.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: other}\n"}),
	}
	walm := testServices(t, charts)
	namespace := newNamespace(t, walm)
	if _, err := walm.Install(t.Context(), installation(namespace, "rel", "web"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := walm.Install(t.Context(), installation(namespace, "thief", "empty"), nil); err != nil {
		t.Fatal(err)
	}
	maps := setOf(t, walm).CoreV1().ConfigMaps(namespace)
	there, err := maps.Get(t.Context(), "cm", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	stealing := UpgradeRequest{InstallRequest: installation(namespace, "thief", "thief")}
	stealing.Values = map[string]any{"uid": string(there.UID), "version": there.ResourceVersion}
	_, err = walm.Upgrade(t.Context(), stealing, nil)
	problemtest.Want(t, err, problem.ResourceExists)
	if whose := live(t, maps, "cm").Data["whose"]; whose != "first" {
		t.Errorf("it is of the %s", whose)
	}
}
