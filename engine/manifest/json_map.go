package manifest

import (
	"maps"
	"slices"
)

// MapAt follows keys through nested maps; an empty map stands for anything missing.
func MapAt(from map[string]any, keys ...string) map[string]any {
	for _, key := range keys {
		below, ok := from[key].(map[string]any)
		if !ok {
			return map[string]any{}
		}
		from = below
	}
	return from
}

// CopyMap copies one level.
func CopyMap(from map[string]any) map[string]any {
	copied := make(map[string]any, len(from))
	maps.Copy(copied, from)
	return copied
}

// TextAt reads a text at the end of keys, "" if there is none.
func TextAt(from map[string]any, keys ...string) string {
	last := len(keys) - 1
	text, _ := MapAt(from, keys[:last]...)[keys[last]].(string)
	return text
}

// NameOf is the name of a Kubernetes object.
func NameOf(object map[string]any) string {
	return TextAt(object, "metadata", "name")
}

// SortedKeys are the keys of a map in their order.
func SortedKeys[V any](from map[string]V) []string {
	return slices.Sorted(maps.Keys(from))
}
