package action

import (
	"context"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func podWith(spec, resources string) string {
	return "apiVersion: v1\nkind: Pod\nmetadata: {name: bare}\nspec: {" + spec + "containers: [{name: a, image: x, resources: " + resources + "}]}\n"
}

const limitRange = `apiVersion: v1
kind: LimitRange
metadata: {name: limits}
spec:
  limits:
  - {type: Container, max: {cpu: "1"}, min: {memory: 8Mi}}
  - {type: Pod, max: {cpu: "1500m"}}
`

// TestWhatTheChartItselfSetsForItsPodsIsForetold compares the dry run with the install: a pod beside the LimitRange or
// RuntimeClass of its own chart.
func TestWhatTheChartItselfSetsForItsPodsIsForetold(t *testing.T) {
	runtimeClass := "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: \"{{ .Release.Namespace }}\"}\nhandler: h\noverhead: {podFixed: {cpu: 100m}}\n"
	charts := charttest.Charts{
		"within": charttest.Files(map[string]string{"l.yaml": limitRange, "p.yaml": podWith("", `{limits: {cpu: "1"}}`)}),
		"beyond": charttest.Files(map[string]string{"l.yaml": limitRange, "p.yaml": podWith("", `{limits: {cpu: "2"}}`)}),
		"below":  charttest.Files(map[string]string{"l.yaml": limitRange, "p.yaml": podWith("", `{requests: {memory: 1Mi}}`)}),
		"sum": charttest.Files(map[string]string{"l.yaml": limitRange, "p.yaml": strings.Replace(podWith("", `{limits: {cpu: "1"}}`),
			"[{name: a", `[{name: b, image: x, resources: {limits: {cpu: "1"}}}, {name: a`, 1)}),
		"class": charttest.Files(map[string]string{"r.yaml": runtimeClass, "p.yaml": podWith(`runtimeClassName: "{{ .Release.Namespace }}", `, "{}")}),
	}
	walm := testServices(t, charts)
	for chart, code := range map[string]problem.Code{
		"within": "", "beyond": problem.AdmissionRefused, "below": problem.AdmissionRefused, "sum": problem.AdmissionRefused, "class": problem.AdmissionRefused,
	} {
		t.Run(chart, func(t *testing.T) {
			// The API server remembers for a while that a namespace had no limits.
			judged, namespace := namespaceForPods(t, walm), namespaceForPods(t, walm)
			t.Cleanup(func() {
				_ = setOf(t, walm).NodeV1().RuntimeClasses().Delete(context.Background(), namespace, metav1.DeleteOptions{})
			})
			request := installation(namespace, "rel", chart)
			_, foretold := walm.Render(t.Context(), RenderRequest{Target: Target{Namespace: judged, Name: "rel"}, Content: request.Content, Validate: true}, nil)
			_, made := walm.Install(t.Context(), request, nil)
			for when, err := range map[string]error{"dry run": foretold, "install": made} {
				if code == "" {
					if err != nil {
						t.Errorf("%s: %v", when, err)
					}
					continue
				}
				refused := problemtest.Want(t, err, code)
				if refused.Object == nil || refused.Object.Name != "bare" || refused.Details["file"] != "web/templates/p.yaml" {
					t.Errorf("%s: %+v, %v: %s", when, refused.Object, refused.Details, refused.Message)
				}
			}
		})
	}
}

// namespaceForPods returns a new namespace in which pods can be made.
func namespaceForPods(t *testing.T, walm *Services) string {
	t.Helper()
	namespace := newNamespace(t, walm)
	accounts := setOf(t, walm).CoreV1().ServiceAccounts(namespace)
	for {
		_, err := accounts.Get(t.Context(), "default", metav1.GetOptions{})
		if err == nil {
			return namespace
		}
		if t.Context().Err() != nil {
			t.Fatal(err)
		}
		<-time.After(20 * time.Millisecond)
	}
}
