package action

import (
	"strings"
	"testing"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func serviceAt(name, port string) string {
	return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + "}\nspec: {type: NodePort, selector: {a: b}, ports: [" +
		"{name: t, port: 53, nodePort: " + port + "}, {name: u, port: 53, protocol: UDP, nodePort: " + port + "}]}\n"
}

// TestPortsOfNodesAreForetold compares the dry run with the change: a port that two Services of a chart want, one that
// another release has, and one that moves from a Service to the next.
func TestPortsOfNodesAreForetold(t *testing.T) {
	charts := charttest.Charts{
		"one":   charttest.Files(map[string]string{"a.yaml": serviceAt("one", "31871")}),
		"twice": charttest.Files(map[string]string{"a.yaml": serviceAt("a", "31872"), "b.yaml": serviceAt("b", "31872")}),
		"taken": charttest.Files(map[string]string{"a.yaml": serviceAt("c", "31871")}),
		"moves": charttest.Files(map[string]string{
			"values.yaml": "first: 31873\nsecond: 31874\n", "a.yaml": serviceAt("d", "{{ .Values.first }}"), "b.yaml": serviceAt("e", "{{ .Values.second }}"),
		}),
	}
	walm := testServices(t, charts)
	namespace := newNamespace(t, walm)
	for _, chart := range []string{"one", "moves"} {
		if _, err := walm.Install(t.Context(), installation(namespace, chart, chart), nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, chart := range []string{"twice", "taken"} {
		request := installation(namespace, chart, chart)
		_, foretold := walm.Render(t.Context(), RenderRequest{Target: request.Target, Content: request.Content, Validate: true}, nil)
		_, made := walm.Install(t.Context(), request, nil)
		for when, err := range map[string]error{"dry run": foretold, "install": made} {
			refused := problemtest.Want(t, err, problem.ManifestInvalid)
			if refused.Field != "spec.ports[0].nodePort" || refused.Object == nil || refused.Object.Kind != "Service" ||
				!strings.Contains(refused.Message, "provided port is already allocated") || refused.Details["file"] == nil {
				t.Errorf("%s of %s: field %s, %+v, %v: %s", when, chart, refused.Field, refused.Object, refused.Details["file"], refused.Message)
			}
		}
	}
	moving := UpgradeRequest{InstallRequest: installation(namespace, "moves", "moves")}
	moving.Values = map[string]any{"first": 31875, "second": 31873}
	shown, err := walm.Render(t.Context(), RenderRequest{Target: moving.Target, Content: moving.Content, Validate: true, IsUpgrade: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(shown.Warnings) != 1 || shown.Warnings[0].Code != "NOT_VALIDATED" {
		t.Errorf("warnings %+v", shown.Warnings)
	}
	if _, err := walm.Upgrade(t.Context(), moving, nil); err != nil {
		t.Fatal(err)
	}
}
