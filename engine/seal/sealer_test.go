package seal

import (
	"maps"
	"testing"

	"walm.io/engine/manifest"
	"walm.io/engine/yamltext"
)

// The sealed manifest has to be what Helm makes of the files, whatever is in and beside the ReleaseConfig.
func TestTheHeadOfTheReleaseConfigSortsAsTheWholeOfIt(t *testing.T) {
	const own = "web/" + manifest.ReleaseConfigTemplate
	config := func(values map[string]any) string {
		text, err := yamltext.Marshal(map[string]any{
			"apiVersion": manifest.ReleaseConfigVersion, "kind": manifest.ReleaseConfigKind,
			"metadata": map[string]any{"name": "web", "annotations": map[string]any{"a": "x\nspec:\nkind: Job\n"}},
			"spec":     map[string]any{"configValues": values}, "status": map[string]any{},
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	plain := config(map[string]any{"a": "x", "b": "---\nkind: Job\n---\n", "c": "<no value>"})
	others := map[string]string{
		"web/templates/a.yaml": "kind: Zebra\napiVersion: v1\n", "web/templates/z.yaml": "kind: Apple\napiVersion: v1\n---\nkind: ReleaseConfig\napiVersion: v1\n",
		"web/templates/hook.yaml": "kind: Job\nmetadata:\n  annotations:\n    helm.sh/hook: pre-install\n", "web/templates/NOTES.txt": "kind: [",
	}
	for name, text := range map[string]string{
		"plain": plain, "behind another document": "kind: ConfigMap\n\n---\n" + plain, "with a comment": "# apiVersion\n" + plain,
		"before another document": plain + "---\nkind: Job\n", "none": "", "without spec": "apiVersion: " + manifest.ReleaseConfigVersion + "\nkind: ReleaseConfig\n",
	} {
		files := maps.Clone(others)
		files[own] = text
		wantedHooks, wanted, wantedErr := helmManifest(files, "")
		hooks, manifest, err := helmManifest(files, own)
		if err != nil || wantedErr != nil || manifest != wanted || len(hooks) != len(wantedHooks) {
			t.Errorf("%s: %q (%v) instead of %q (%v)", name, manifest, err, wanted, wantedErr)
		}
	}
	if _, isOne := headOfOwn(plain); !isOne {
		t.Error("what is written here is read as a whole")
	}
}
