package action

import (
	"strings"
	"testing"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/cluster"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

// frozenKinds are documents of which a field that `v` is in cannot change, with what the refusal has to say.
var frozenKinds = map[string]struct{ text, says, orphanSays string }{
	"claim": {
		"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: x}\nspec: {accessModes: [ReadWriteOnce], storageClassName: \"{{ .Values.v }}\", resources: {requests: {storage: 1Gi}}}\n",
		"recreate does not touch a PersistentVolumeClaim", "recreate does not touch a PersistentVolumeClaim",
	},
	"deployment": {
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {replicas: 0, selector: {matchLabels: {v: \"{{ .Values.v }}\"}}, template: {metadata: {labels: {v: \"{{ .Values.v }}\"}}, spec: {containers: [{name: a, image: nginx}]}}}\n",
		"recreate=delete", "recreate=orphan is for StatefulSets only",
	},
	"set": {
		"apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: x}\nspec: {replicas: 0, serviceName: \"{{ .Values.v }}\", selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: nginx}]}}}\n",
		"recreate=orphan", "",
	},
	"binding": {
		"apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: x}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: \"{{ .Values.v }}\"}\n",
		"recreate=delete", "recreate=orphan is for StatefulSets only",
	},
	"priority": {
		"apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: \"{{ .Release.Namespace }}\"}\nvalue: {{ if eq .Values.v \"a\" }}5{{ else }}6{{ end }}\n",
		"recreate=delete", "recreate=orphan is for StatefulSets only",
	},
	"storage": {
		"apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: \"{{ .Release.Namespace }}\"}\nprovisioner: \"{{ .Values.v }}.test/x\"\n",
		"recreate=delete", "recreate=orphan is for StatefulSets only",
	},
	"service": {
		"apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: 1}]{{ if eq .Values.v \"b\" }}, clusterIP: None{{ end }}}\n",
		"gets other addresses", "recreate=orphan is for StatefulSets only",
	},
	"secret": {
		"apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ntype: \"{{ .Values.v }}.test/x\"\n",
		"missing for a moment", "recreate=delete",
	},
	"job": {
		"apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: a, image: \"{{ .Values.v }}\"}]}}}\n",
		"it runs again", "recreate=delete",
	},
	"pod": {
		"apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {hostname: \"{{ .Values.v }}\", containers: [{name: a, image: nginx}]}\n",
		"recreate does not touch a Pod", "recreate does not touch a Pod",
	},
	"config": {
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nimmutable: true\ndata: {v: \"{{ .Values.v }}\"}\n",
		"missing for a moment", "recreate=delete",
	},
}

func TestARefusalOfAnImmutableFieldSaysWhatHelpsAndWhatThatCosts(t *testing.T) {
	charts := charttest.Charts{}
	for name, one := range frozenKinds {
		charts[name] = charttest.Files(map[string]string{"web.yaml": one.text, "values.yaml": "v: a\n"})
	}
	services := testServices(t, charts)
	for name, one := range frozenKinds {
		namespace := newNamespace(t, services)
		installing := installation(namespace, "rel", name)
		if _, err := services.Install(t.Context(), installing, nil); err != nil {
			t.Fatal(name, err)
		}
		for recreate, says := range map[string]string{"": one.says, "orphan": one.orphanSays} {
			upgrading := UpgradeRequest{InstallRequest: installing, Recreate: recreate}
			upgrading.Values = map[string]any{"v": "b"}
			if says == "" {
				continue
			}
			_, upgraded := services.Upgrade(t.Context(), upgrading, nil)
			preview := RenderRequest{Target: installing.Target, Content: upgrading.Content, IsUpgrade: true, Validate: true, Recreate: recreate}
			_, foretold := services.Render(t.Context(), preview, nil)
			for what, err := range map[string]error{"upgrade": upgraded, "dry run": foretold} {
				refused := problemtest.Want(t, err, problem.FieldImmutable)
				if !strings.Contains(refused.Message, says) || strings.Contains(refused.Message, "taken back") {
					t.Errorf("%s of %s with recreate=%s: %s", what, name, recreate, refused.Message)
				}
				ways, _ := refused.Details["recreate"].([]cluster.Recreation)
				if never := strings.Contains(says, "does not touch"); never != (len(ways) == 0) {
					t.Errorf("%s of %s: %+v", what, name, ways)
				}
				for _, way := range ways {
					if way.Cost == "" || (way.Recreate == "delete" && !strings.Contains(refused.Message, way.Cost)) {
						t.Errorf("%s of %s: %+v, %s", what, name, way, refused.Message)
					}
				}
			}
		}
		if !strings.Contains(one.says, "does not touch") {
			upgrading := UpgradeRequest{InstallRequest: installing, Recreate: "delete"}
			upgrading.Values = map[string]any{"v": "b"}
			if _, err := services.Upgrade(t.Context(), upgrading, nil); err != nil {
				t.Errorf("%s is not recreated: %v", name, err)
			}
		}
		if _, err := services.Uninstall(t.Context(), UninstallRequest{Target: installing.Target, TimeoutMs: 600_000}, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARefusalBeforeTheClusterKnowsAnObjectNamesTheFile(t *testing.T) {
	charts := charttest.Charts{
		"broken":  charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("a", ""), "bad.yaml": "apiVersion: v1\nkind: [\n"}),
		"control": charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("a", ""), "bad.yaml": charttest.ConfigMap("b", "data: {v: \"a\u007fb\"}\n")}),
		"unknown": charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("a", ""), "bad.yaml": "apiVersion: a.test/v1\nkind: Gizmo\nmetadata: {name: b}\n"}),
	}
	services := testServices(t, charts)
	namespace := newNamespace(t, services)
	for chart, code := range map[string]problem.Code{"broken": problem.ManifestInvalid, "control": problem.ManifestInvalid, "unknown": problem.KindUnknown} {
		_, err := services.Install(t.Context(), installation(namespace, "rel", chart), nil)
		refused := problemtest.Want(t, err, code)
		if refused.Details["file"] != "web/templates/bad.yaml" || !strings.Contains(refused.Message, "web/templates/bad.yaml") {
			t.Errorf("%s: %v: %s", chart, refused.Details["file"], refused.Message)
		}
		if chart == "unknown" && (refused.Object == nil || refused.Object.Name != "b") {
			t.Errorf("%s: %+v", chart, refused.Object)
		}
	}
}
