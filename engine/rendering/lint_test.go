package rendering

import (
	"testing"

	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func TestRenderedFilesAreJudgedWithoutACluster(t *testing.T) {
	const sound = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	for text, sane := range map[string]bool{
		sound:                           true,
		"# nothing\n":                   true,
		sound + "---\n" + sound:         false,
		"kind: ConfigMap\n":             false,
		"apiVersion: v1\n":              false,
		"a: [\n":                        false,
		"- a\n":                         false,
		sound + "data: {a: \"\x01\"}\n": false,
	} {
		err := checkRendered(map[string]string{"web/templates/a.yaml": text, "web/templates/_a.tpl": "a: [", "web/templates/NOTES.txt": "a: ["})
		if sane {
			if err != nil {
				t.Errorf("%q: %s", text, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%q has no fault", text)
			continue
		}
		problemtest.Want(t, err, problem.ManifestInvalid)
	}
}
