package action

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// mapAt follows keys through nested maps; an empty map stands for anything missing.
func mapAt(from map[string]any, keys ...string) map[string]any {
	for _, key := range keys {
		below, ok := from[key].(map[string]any)
		if !ok {
			return map[string]any{}
		}
		from = below
	}
	return from
}

// copyMap copies one level.
func copyMap(from map[string]any) map[string]any {
	copied := make(map[string]any, len(from))
	maps.Copy(copied, from)
	return copied
}

// textAt reads a text at the end of keys, "" if there is none.
func textAt(from map[string]any, keys ...string) string {
	last := len(keys) - 1
	text, _ := mapAt(from, keys[:last]...)[keys[last]].(string)
	return text
}

// nameOf is the name of a Kubernetes object.
func nameOf(object map[string]any) string {
	return textAt(object, "metadata", "name")
}

func sortedKeys[V any](from map[string]V) []string {
	return slices.Sorted(maps.Keys(from))
}

// compareSplitKeys orders the keys of Helm's SplitManifests (`manifest-12`) as the documents stood in the file.
func compareSplitKeys(a, b string) int {
	return splitIndex(a) - splitIndex(b)
}

func splitIndex(key string) int {
	index, err := strconv.Atoi(strings.TrimPrefix(key, "manifest-"))
	if err != nil {
		return 0
	}
	return index
}
