package registry

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// generatedIndex is an index as `helm repo index` writes it.
func generatedIndex(charts, versions int, description string) string {
	text := &strings.Builder{}
	text.WriteString("apiVersion: v1\nentries:\n")
	for chart := range charts {
		fmt.Fprintf(text, "  chart-%04d:\n", chart)
		for version := range versions {
			fmt.Fprintf(text, "  - apiVersion: v2\n    appVersion: \"%d.0\"\n    created: \"2026-01-02T03:04:05.123456789Z\"\n", version)
			fmt.Fprintf(text, "    description: %s\n    digest: \"%064d\"\n    icon: https://charts.example.test/%d.png\n", description, version, chart)
			fmt.Fprintf(text, "    keywords:\n    - web\n    - number%d\n    maintainers:\n    - email: a@example.test\n      name: somebody\n", chart)
			fmt.Fprintf(text, "    name: chart-%04d\n    type: application\n    urls:\n    - chart-%04d-%d.0.0.tgz\n    version: %d.0.0\n", chart, chart, version, version)
		}
	}
	text.WriteString("generated: \"2026-01-02T03:04:05Z\"\n")
	return text.String()
}

// bothWays reads an index in pieces and as a whole.
func bothWays(t *testing.T, data string) (pieces, whole *indexReader, failure error) {
	t.Helper()
	pieces, whole = newIndexReader(), newIndexReader()
	failure = pieces.readPieces([]byte(data))
	if err := whole.readWhole([]byte(data)); err != nil {
		t.Fatal(err)
	}
	return pieces, whole, failure
}

func TestAnIndexReadInPiecesIsTheSame(t *testing.T) {
	for name, data := range map[string]string{
		"generated":     generatedIndex(7, 40, "a chart"),
		"carriage":      strings.ReplaceAll(generatedIndex(2, 3, "a chart"), "\n", "\r\n"),
		"block text":    generatedIndex(3, 3, "|\n      one: 1\n\n      - two\n      # three\n      other:\n      entries:"),
		"quoted":        generatedIndex(3, 3, "\"one\n      two: 'three'\""),
		"folded":        generatedIndex(3, 3, ">-\n      one\n      two"),
		"deeper lists":  "apiVersion: v1\nentries:\n    a:\n      - name: a\n        version: 1.0.0\n      - name: a\n        version: 2.0.0\n    b:\n      - {name: b, version: 1.0.0}\n",
		"an odd entry":  strings.ReplaceAll(generatedIndex(2, 3, "x"), "    appVersion: \"1.0\"\n", "    appVersion: [1]\n"),
		"no versions":   "apiVersion: v1\nentries:\n  a: []\n  b:\n  - {name: b, version: 1.0.0}\n",
		"quoted name":   "apiVersion: v1\nentries:\n  \"a\":\n  - {name: a, version: 1.0.0}\n",
		"comments":      "# a\napiVersion: v1\n# b\nentries:\n# c\n  a:\n  # d\n  - {name: a, version: 1.0.0}\n# e\n  b:\n  - {name: b, version: 1.0.0}\n",
		"aliases":       "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, description: &d x, home: *d}\n",
		"in the middle": "entries:\n  a:\n  - {name: a, version: 1.0.0}\napiVersion: v1\nserverInfo:\n  contextPath: /x\n",
		"entry is null": "apiVersion: v1\nentries:\n  a:\n  - null\n  - {name: a, version: 1.0.0}\n",
	} {
		pieces, whole, failure := bothWays(t, data)
		if failure != nil {
			t.Errorf("%s: %v", name, failure)
		}
		if len(whole.charts) == 0 || !reflect.DeepEqual(pieces.charts, whole.charts) || pieces.apiVersion != whole.apiVersion || pieces.skipped.Count != whole.skipped.Count {
			t.Errorf("%s: %+v, %+v, as a whole %+v, %+v", name, pieces.charts, pieces.skipped, whole.charts, whole.skipped)
		}
	}
}

func TestWhatIsNotWrittenAsHelmWritesItIsReadAsAWhole(t *testing.T) {
	for name, data := range map[string]string{
		"flow":            "apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0}]}\n",
		"inline":          "apiVersion: v1\nentries:\n  a: [{name: a, version: 1.0.0}]\n",
		"aliases between": "apiVersion: v1\nentries:\n  a: \n  - &x {name: a, version: 1.0.0}\n  b:\n  - *x\n",
		"a quoted name":   "apiVersion: v1\nentries:\n  a:\n  - name: a\n    version: 1.0.0\n    description: \"x\n  b:\n  - y\"\n",
	} {
		_, _, failure := bothWays(t, data)
		if failure == nil {
			t.Errorf("%s: it was read in pieces", name)
		}
		if index, err := parseIndex([]byte(data), "x"); err != nil || len(index.Charts) == 0 {
			t.Errorf("%s: %+v, %v", name, index, err)
		}
	}
	large := "apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0, description: \"" + strings.Repeat("x", wholeIndexBytes) + "\"}]}\n"
	if _, err := parseIndex([]byte(large), "x"); err == nil || !strings.Contains(err.Error(), errTooLargeAsAWhole.Error()) {
		t.Errorf("a large one: %v", err)
	}
}

func TestAnIndexOfJSONIsReadValueByValue(t *testing.T) {
	data := `{"generated": "x", "entries": {"a": [{"name": "a", "version": "1.0.0"}, 7, null, {"name": "a", "version": []}],
		"b": null, "c": {"x": [1, {}]}, "d": [{"name": "d", "version": "2.0.0", "keywords": ["k", "l"], "icon": "javascript:x"}]}, "apiVersion": "v1"}`
	index, err := parseIndex([]byte(data), "x")
	if err != nil || len(index.Charts) != 2 || index.Skipped.Count != 4 {
		t.Fatalf("%+v, %v", index, err)
	}
	if found := index.Charts[1].Versions[0]; found.Keywords != "k l" || found.Icon != "" {
		t.Errorf("%+v", found)
	}
}
