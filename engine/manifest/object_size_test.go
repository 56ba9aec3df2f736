package manifest

import (
	"encoding/json"
	"strings"
	"testing"

	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
	"walm.io/engine/yamltext"
)

func TestAnObjectThatNoClusterKeepsIsNamed(t *testing.T) {
	small := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: small}\n"
	large := "apiVersion: apiextensions.transwarp.io/v1beta1\nkind: ReleaseConfig\nmetadata: {name: web, namespace: shop}\nspec: {note: " +
		strings.Repeat("x", maxObjectBytes) + "}\n"
	if err := CheckObjectSizes(small + "---\n" + small); err != nil {
		t.Error(err)
	}
	if err := CheckObjectSizes(strings.Repeat(small+"---\n", maxObjectBytes/len(small)+1)); err != nil {
		t.Errorf("many small ones: %v", err)
	}
	refused := problemtest.Want(t, CheckObjectSizes(small+"---\n"+large), problem.ReleaseTooLarge)
	if refused.Object == nil || refused.Object.Kind != "ReleaseConfig" || refused.Object.Name != "web" || !strings.Contains(refused.Error(), "values of the request") {
		t.Errorf("it is not named, or what helps is not said: %+v", refused)
	}
}

// releaseConfigOf is a ReleaseConfig as Walm writes it, of a dry run if there is no task.
func releaseConfigOf(t *testing.T, values, task string) string {
	t.Helper()
	annotations := map[string]any{"walm.io/facts": "v1"}
	if task != "" {
		annotations["walm.io/task"], annotations["walm.io/seal"] = task, strings.Repeat("s", 200)
		annotations["walm.io/cause"], annotations["walm.io/caller"] = "somebody asked for it: <&>", "jane@example.com"
		annotations["walm.io/warnings"] = `[{"code":"X","message":"` + strings.Repeat("is odd ", 500) + `"}]`
	}
	text, err := yamltext.Marshal(map[string]any{
		"apiVersion": ReleaseConfigVersion, "kind": ReleaseConfigKind,
		"metadata": map[string]any{"name": "web", "namespace": "shop", "annotations": annotations},
		"spec":     map[string]any{"configValues": map[string]any{"note": values}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return "---\n# Source: web/templates/walm-release-config.yaml\n" + string(text)
}

func TestWhatOnlyAChangeNotesOfAReleaseConfigDoesNotCount(t *testing.T) {
	const task = "0c0a1952-1875-4a89-8e35-e98a142bc8b9"
	stored := func(values, task string) int {
		text, err := json.Marshal(ObjectsOf(releaseConfigOf(t, values, task))[0])
		if err != nil {
			t.Fatal(err)
		}
		return len(text)
	}
	bare := stored("", "") - len(`"walm.io/facts":"v1"`)
	for name, unit := range map[string]string{
		"lines": "a line of an ordinary text that is as long as lines are\n", "escaped": "<<<<<<<<",
	} {
		fits := (maxObjectBytes - clusterRoom - notesRoom - bare) / (stored(unit, "") - stored("", ""))
		for _, task := range []string{"", task} {
			if err := CheckObjectSizes(releaseConfigOf(t, strings.Repeat(unit, fits), task)); err != nil {
				t.Errorf("%s, task %q: %v", name, task, err)
			}
			problemtest.Want(t, CheckObjectSizes(releaseConfigOf(t, strings.Repeat(unit, fits+1), task)), problem.ReleaseTooLarge)
		}
		// The server stores it as JSON including what the change adds.
		if kept := stored(strings.Repeat(unit, fits), task); kept > maxObjectBytes-clusterRoom {
			t.Errorf("%s: %d bytes are kept", name, kept)
		}
	}
}

func TestObjectsOfBuiltInKindsAreNotRefusedForHowTheirTextIsWritten(t *testing.T) {
	// In YAML each line is indented, and `<` is escaped in JSON; the cluster stores neither.
	for _, unit := range []string{"a\n", "<<<"} {
		text, err := yamltext.Marshal(map[string]any{
			"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "web"},
			"data": map[string]any{"a": strings.Repeat(unit, 300<<10)},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckObjectSizes(string(text)); err != nil {
			t.Errorf("%q: %v", unit, err)
		}
	}
	if err := CheckObjectSizes("kind: List\napiVersion: v1\nitems:\n" + strings.Repeat("- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n", 30_000)); err != nil {
		t.Errorf("many in a list: %v", err)
	}
}
