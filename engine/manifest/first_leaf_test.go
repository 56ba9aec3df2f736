package manifest

import (
	"slices"
	"testing"
)

func TestFirstLeaf(t *testing.T) {
	object := map[string]any{
		"b": []any{map[string]any{"x": 1}, []any{"deep", map[string]any{"x": "last"}}},
		"a": map[string]any{"empty": map[string]any{}, "none": nil, "x": "first"},
	}
	for want, names := range map[string][]string{
		"a.x":       {"a", "x"},
		"b[0].x":    {"b", "[0]", "x"},
		"b[1][0]":   {"b", "[1]", "[0]"},
		"b[1][1].x": {"b", "[1]", "[1]", "x"},
		"a.none":    {"a", "none"},
		"":          {"b", "x"},
	} {
		path, _ := FirstLeaf(object, func(found []string, _ any) bool { return slices.Equal(found, names) })
		if path != want {
			t.Errorf("%v is at %q, want %q", names, path, want)
		}
	}
	path, leaf := FirstLeaf(object, func(names []string, _ any) bool { return names[len(names)-1] == "x" })
	if path != "a.x" || leaf != "first" {
		t.Errorf("the first is %v at %q", leaf, path)
	}
}
