package manifest

import (
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func TestNumbersOfPodsThatNoClusterHoldsAreRefused(t *testing.T) {
	documents := func(apiVersion, spec string) []Document {
		text := "---\n# Source: web/templates/a.yaml\napiVersion: " + apiVersion + "\nkind: Any\nmetadata: {name: web}\nspec: " + spec + "\n"
		return DocumentsOf(text, "shop", func(schema.GroupKind) bool { return true })
	}
	for _, spec := range []string{
		"{replicas: 2147483648}", "{replicas: 9.9999999999e+10}", "{parallelism: 4294967297}", "{completions: -3000000000}",
		"{maxReplicas: 99999999999999999999}",
	} {
		refused := problemtest.Want(t, CheckCounts(documents("apps/v1", spec)), problem.ManifestInvalid)
		if refused.Object.Name != "web" || refused.Field == "" || refused.Details["file"] != "web/templates/a.yaml" {
			t.Errorf("%s: %+v", spec, refused)
		}
	}
	for _, spec := range []string{"{replicas: 2147483647}", "{replicas: 0}", "{replicas: null}", "{}", "[]", "{replicas: some}"} {
		if err := CheckCounts(documents("apps/v1", spec)); err != nil {
			t.Errorf("%s: %v", spec, err)
		}
	}
	if err := CheckCounts(documents("example.com/v1", "{replicas: 9999999999}")); err != nil {
		t.Errorf("of a kind of somebody else: %v", err)
	}
}
