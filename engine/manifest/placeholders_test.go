package manifest

import (
	"fmt"
	"strings"
	"testing"

	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

func TestPlaceholdersAreRestoredByteForByte(t *testing.T) {
	long := strings.Repeat("    key: text\n", placeholderMinBytes/10)
	own := "apiVersion: " + ReleaseConfigVersion + "\nkind: " + ReleaseConfigKind + "\nmetadata:\n  name: web\nspec:\n  configValues:\n" + long
	other := "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n"
	for what, one := range map[string]struct {
		text  string
		short bool
	}{
		"a file":              {own, true},
		"the last document":   {"---\n# Source: a\n" + other + "\n---\n# Source: b\n" + own + "\n", true},
		"the first document":  {"---\n# Source: b\n" + own + "\n---\n# Source: a\n" + other + "\n", true},
		"a file with another": {other + "\n---\n" + own, true},
		"two of them":         {own + "---\n" + own, false},
		"a short one":         {strings.Replace(own, long, "    key: text\n", 1), false},
		"one written apart":   {strings.Replace(own, "kind: ", "kind:  ", 1), false},
		"one in a text":       {"data: |\n  " + strings.ReplaceAll(own, "\n", "\n  "), false},
		"something else":      {other + "data:\n" + long, false},
	} {
		placeholders := &Placeholders{}
		short := placeholders.Shorten(one.text)
		if isShort := len(short) < len(one.text)/2; isShort != one.short {
			t.Errorf("%s: %d of %d bytes are left", what, len(short), len(one.text))
		}
		if restored := placeholders.Restore(short); restored != one.text {
			t.Errorf("%s: the restored text differs", what)
		}
	}
}

// TestHelmSortsPlaceholdersLikeWhatTheyReplace compares Helm's output for files with placeholders and without.
func TestHelmSortsPlaceholdersLikeWhatTheyReplace(t *testing.T) {
	long := strings.Repeat("    key: \"text\"\n", placeholderMinBytes/10)
	files := map[string]string{
		"web/own.yaml": "apiVersion: " + ReleaseConfigVersion + "\nkind: " + ReleaseConfigKind + "\nmetadata:\n  annotations:\n    a: b\n  name: web\nspec:\n  configValues:\n" + long,
		"web/a.yaml":   "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n",
		"web/z.yaml":   "apiVersion: example.org/v1\nkind: Zoo\nmetadata:\n  name: z\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: n\n",
	}
	placeholders := &Placeholders{}
	shortened := map[string]string{}
	for name, text := range files {
		shortened[name] = placeholders.Shorten(text)
	}
	written := func(files map[string]string) string {
		_, sorted, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, one := range sorted {
			text += fmt.Sprintf("---\n# Source: %s\n%s\n", one.Name, one.Content)
		}
		return text
	}
	short := written(shortened)
	if whole := placeholders.Restore(short); whole != written(files) || len(short) > placeholderMinBytes {
		t.Errorf("the manifest that Helm wrote of the shortened files has %d bytes, and differs after restoring", len(short))
	}
}
