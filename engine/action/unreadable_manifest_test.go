package action

import (
	"fmt"
	"strings"
	"testing"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

// A record can contain any text; objects that it does not name cannot be removed.
func TestAnUninstallOfWhatCannotBeReadSaysSo(t *testing.T) {
	for name, manifest := range map[string]string{
		"no YAML": "{{", "no kind": "kind: {a: b}\napiVersion: [1]\nmetadata: 5\n", "a tag": "kind: !!binary AAAA\napiVersion: v1\nmetadata: {name: x}\n",
	} {
		t.Run(name, func(t *testing.T) {
			services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")})})
			request := installation(newNamespace(t, services), "rel", "web")
			if _, err := services.Install(t.Context(), request, nil); err != nil {
				t.Fatal(err)
			}
			op, err := services.begin(t.Context(), request.Target, nil)
			if err != nil {
				t.Fatal(err)
			}
			revisions, err := op.history()
			if err != nil || len(revisions) != 1 {
				t.Fatalf("%v, %v", revisions, err)
			}
			revisions[0].Manifest = manifest
			if err := op.helm.Releases.Update(revisions[0]); err != nil {
				t.Fatal(err)
			}
			_, err = services.Uninstall(t.Context(), UninstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil)
			problemtest.Want(t, err, problem.ManifestInvalid)
			if text := fmt.Sprint(err); !strings.Contains(text, "labels owner=helm,name=rel") {
				t.Error(text)
			}
		})
	}
}
