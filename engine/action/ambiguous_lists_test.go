package action

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/jsontext/jsontest"
)

const ambiguousChart = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: nginx, env: {{ toJson .Values.env }}, ports: {{ toJson .Values.ports }}, args: {{ toJson .Values.args }}}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: {{ toJson .Values.services }}}
`

func ambiguousValues(env, ports string) map[string]any {
	list := func(text string, make func(string) map[string]any) []any {
		entries := []any{}
		for _, one := range strings.Fields(text) {
			entries = append(entries, make(one))
		}
		return entries
	}
	return map[string]any{
		"args": []any{env},
		"env": list(env, func(one string) map[string]any {
			name, value, _ := strings.Cut(one, "=")
			return map[string]any{"name": name, "value": value}
		}),
		"ports": list(ports, func(one string) map[string]any {
			port, protocol, _ := strings.Cut(one, "/")
			return map[string]any{"containerPort": len(port), "protocol": protocol}
		}),
		"services": list(ports, func(one string) map[string]any {
			port, protocol, _ := strings.Cut(one, "/")
			return map[string]any{"name": strings.ToLower(port + protocol), "port": len(port), "protocol": protocol}
		}),
	}
}

// TestListsWithOneEntryTwiceBecomeWhatTheChartSays goes through changes of lists that a strategic merge patch cannot
// describe, of what plain Helm has applied on the client's side, forwards and back.
func TestListsWithOneEntryTwiceBecomeWhatTheChartSays(t *testing.T) {
	steps := []struct{ env, ports string }{
		{"A=1 A=2 B=1", "xx/TCP xx/UDP"},
		{"A=1 A=2 B=1 C=9", "xx/TCP xx/UDP x/TCP"},
		{"A=2 B=1", "xx/UDP x/TCP"},
		{"A=2 A=3 B=1", "xx/TCP xx/UDP"},
		{"A=2 A=4 B=1", "xx/TCP"},
		{"B=1", "xx/TCP x/UDP x/TCP"},
		{"B=1 A=5 A=5", "x/UDP"},
	}
	for _, forced := range []bool{false, true} {
		charts := charttest.Charts{"web": charttest.Files(map[string]string{"web.yaml": ambiguousChart, "values.yaml": jsontest.Of(t, ambiguousValues(steps[0].env, steps[0].ports))})}
		walm := testServices(t, charts)
		namespace := newNamespace(t, walm)
		installBy(t, walm, charts, namespace, false)
		kinds := dynamicOf(t, walm)
		_, err := kinds.Resource(deployments).Namespace(namespace).Patch(t.Context(), "web", types.JSONPatchType,
			[]byte(`[{"op": "add", "path": "/spec/template/spec/initContainers", "value": [{"name": "proxy", "image": "nginx"}]},
				{"op": "add", "path": "/spec/template/spec/containers/0/env/0", "value": {"name": "OTHER", "value": "x"}}]`), metav1.PatchOptions{FieldManager: "somebody"})
		if err != nil {
			t.Fatal(err)
		}
		check := func(when, env, ports string) {
			t.Helper()
			workload, err := kinds.Resource(deployments).Namespace(namespace).Get(t.Context(), "web", metav1.GetOptions{})
			if err != nil {
				t.Fatal(when, err)
			}
			service, err := kinds.Resource(services).Namespace(namespace).Get(t.Context(), "web", metav1.GetOptions{})
			if err != nil {
				t.Fatal(when, err)
			}
			text, wanted := jsontest.Of(t, workload.Object["spec"]), ambiguousValues("OTHER=x "+env, ports)
			for _, part := range []string{`"env":` + jsontest.Of(t, wanted["env"]), `"ports":` + jsontest.Of(t, wanted["ports"]), `"name":"proxy"`} {
				if !strings.Contains(text, part) {
					t.Errorf("%s: no %s in %s", when, part, text)
				}
			}
			shown := []string{}
			spec := service.Object["spec"].(map[string]any)
			for _, port := range spec["ports"].([]any) {
				shown = append(shown, strings.Repeat("x", int(port.(map[string]any)["port"].(int64)))+"/"+port.(map[string]any)["protocol"].(string))
			}
			if got := strings.Join(shown, " "); got != ports {
				t.Errorf("%s: the service has the ports %s", when, got)
			}
		}
		upgrade := func(env, ports string) {
			t.Helper()
			upgrading := UpgradeRequest{InstallRequest: installation(namespace, "rel", "web")}
			upgrading.Values, upgrading.ForceConflicts = ambiguousValues(env, ports), forced
			if _, err := walm.Upgrade(t.Context(), upgrading, nil); err != nil {
				t.Fatal(env, err)
			}
			check(env+" "+ports, env, ports)
		}
		for _, step := range steps {
			upgrade(step.env, step.ports)
		}
		for at := len(steps) - 2; at >= 0; at-- {
			upgrade(steps[at].env, steps[at].ports)
		}
	}
}
