package manifest

import (
	"testing"

	"walm.io/engine/chart/charttest"
)

func TestHeadsTellWhetherKindsAreServed(t *testing.T) {
	served := map[string][]string{"v1": {"ConfigMap", "List", "Secret"}, "apps/v1": {"Deployment"}}
	for text, want := range map[string]bool{
		charttest.ConfigMap("a", ""):                                    true,
		"kind: \"ConfigMap\"\r\napiVersion: v1\r\n":                     true,
		charttest.ConfigMap("a", "") + "---\n" + charttest.OddConfigMap: true,
		"apiVersion: apps/v1beta1\nkind: Deployment\n":                  false,
		"apiVersion: v1\nkind: Deployment\n":                            false,
		// A document that is written unusually has to be parsed.
		"{apiVersion: v1, kind: ConfigMap}\n":                               false,
		"apiVersion: v1\nkind: List\nitems: []\n":                           false,
		"apiVersion: v1\nkind: ConfigMap # a comment\n":                     false,
		"apiVersion: v1\nkind: ConfigMap\nkind: Secret\n":                   false,
		"# only a comment\n":                                                false,
		"apiVersion: v1\nkind: Secret\ndata:\n  kind: x\n  apiVersion: y\n": true,
	} {
		files := map[string]string{"web/templates/a.yaml": text, "web/templates/NOTES.txt": "kind: nothing"}
		if AllServed(files, served) != want {
			t.Errorf("%q: not %v", text, want)
		}
	}
}
