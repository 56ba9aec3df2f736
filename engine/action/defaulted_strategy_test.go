package action

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/jsontext/jsontest"
)

const strategyChart = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  {{ if .Values.strategy }}strategy: {{ toJson .Values.strategy }}{{ end }}
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: nginx}]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 0
  serviceName: db
  {{ if .Values.update }}updateStrategy: {{ toJson .Values.update }}{{ end }}
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: main, image: nginx}]}}
`

// A strategy that the cluster completed can be changed into any other, and back.
func TestAStrategyThatTheClusterCompletedCanBeChanged(t *testing.T) {
	charts := charttest.Charts{"web": charttest.Files(map[string]string{"web.yaml": strategyChart, "values.yaml": "strategy: \nupdate: \n"})}
	for _, server := range []bool{true, false} {
		walm := testServices(t, charts)
		namespace := newNamespace(t, walm)
		installBy(t, walm, charts, namespace, server)
		kinds := dynamicOf(t, walm)
		typesNow := func() string {
			t.Helper()
			found := []string{}
			for _, one := range []struct{ kind, name, field string }{{"deployments", "web", "strategy"}, {"statefulsets", "db", "updateStrategy"}} {
				object, err := kinds.Resource(deployments.GroupVersion().WithResource(one.kind)).Namespace(namespace).Get(t.Context(), one.name, metav1.GetOptions{})
				if err != nil {
					t.Fatal(err)
				}
				strategy, _, _ := unstructured.NestedMap(object.Object, "spec", one.field)
				found = append(found, jsontest.Of(t, strategy["type"]))
				if _, rolls := strategy["rollingUpdate"]; rolls != (strategy["type"] == "RollingUpdate") {
					t.Errorf("%s: %v", one.name, strategy)
				}
			}
			return strings.Join(found, " ")
		}
		for _, step := range []struct {
			values map[string]any
			want   string
		}{
			{map[string]any{"strategy": map[string]any{"type": "Recreate"}, "update": map[string]any{"type": "OnDelete"}}, `"Recreate" "OnDelete"`},
			{map[string]any{}, `"RollingUpdate" "RollingUpdate"`},
			{map[string]any{"strategy": map[string]any{"type": "Recreate", "rollingUpdate": nil}}, `"Recreate" "RollingUpdate"`},
			{map[string]any{"strategy": map[string]any{"type": "RollingUpdate"}, "update": map[string]any{"type": "OnDelete"}}, `"RollingUpdate" "OnDelete"`},
		} {
			upgrading := UpgradeRequest{InstallRequest: installation(namespace, "rel", "web")}
			upgrading.Values = step.values
			preview := RenderRequest{Target: upgrading.Target, Content: upgrading.Content, IsUpgrade: true, Validate: true}
			if _, err := walm.Render(t.Context(), preview, nil); err != nil {
				t.Errorf("server %v: a dry run to %s: %v", server, step.want, err)
			}
			if _, err := walm.Upgrade(t.Context(), upgrading, nil); err != nil {
				t.Fatalf("server %v to %s: %v", server, step.want, err)
			}
			if got := typesNow(); got != step.want {
				t.Errorf("server %v: %s instead of %s", server, got, step.want)
			}
		}
	}
}
