package manifest

import (
	"fmt"
	"maps"
	"slices"
)

// FirstLeaf finds the first value of an object, in the order of its names, that is neither an object nor a list and is
// wanted. names are those of the fields that lead to it, and for entries of lists `[0]`. It returns the value with its
// path, such as `spec.ports[0].port`; an empty path if there is none.
func FirstLeaf(object map[string]any, wanted func(names []string, leaf any) bool) (path string, leaf any) {
	return firstLeaf(object, "", nil, wanted)
}

func firstLeaf(value any, path string, names []string, wanted func([]string, any) bool) (string, any) {
	switch typed := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			below := path + "." + name
			if path == "" {
				below = name
			}
			if found, leaf := firstLeaf(typed[name], below, append(names, name), wanted); found != "" {
				return found, leaf
			}
		}
	case []any:
		for index, item := range typed {
			entry := fmt.Sprintf("[%d]", index)
			if found, leaf := firstLeaf(item, path+entry, append(names, entry), wanted); found != "" {
				return found, leaf
			}
		}
	default:
		if wanted(names, value) {
			return path, value
		}
	}
	return "", nil
}
