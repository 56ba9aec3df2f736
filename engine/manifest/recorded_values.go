package manifest

import (
	"slices"
	"strconv"

	"walm.io/engine/jsontext"
)

const (
	// factsAnnotation says that Walm wrote a ReleaseConfig, and by its version where the values are.
	factsAnnotation = "walm.io/facts"
	// factsWhole is the version of those that hold them, factsRecorded of those whose values are in the record.
	factsWhole, factsRecorded = "v1", "v2"
	// shownField of a spec holds what is shown in place of single recorded values.
	shownField = "shownValues"
	// recordedBytes is from how many bytes on values are not written a second time.
	recordedBytes = 64 << 10
	// maxShown bounds how many single values are shown otherwise; with more of them all are written down.
	maxShown = 1000
)

// WithoutRecorded leaves the values of the user out of a ReleaseConfig where they are many, and are the values of the record:
// each of them, or a text in its place, where a secret is hidden. The given one is not changed. WithRecorded gives it back.
func WithoutRecorded(config, values map[string]any) map[string]any {
	shown, ok := MapAt(config, "spec")["configValues"].(map[string]any)
	if !ok || TextAt(config, "metadata", "annotations", factsAnnotation) != factsWhole || sizeUpTo(shown, recordedBytes) < recordedBytes {
		return config
	}
	differing := differences{}
	if !differing.collect(shown, values, nil) {
		return config
	}
	bare, spec := withFacts(config, factsRecorded)
	spec["configValues"] = map[string]any{}
	if len(differing) > 0 {
		spec[shownField] = []any(differing)
	}
	return bare
}

// WithRecorded gives a ReleaseConfig with the values that WithoutRecorded left out; one that has them itself as it is, and false.
// Nothing that stands there makes more of it than the values of the record.
func WithRecorded(config, values map[string]any) (map[string]any, bool) {
	if TextAt(config, "metadata", "annotations", factsAnnotation) != factsRecorded {
		return config, false
	}
	whole, spec := withFacts(config, factsWhole)
	if values == nil {
		values = map[string]any{}
	}
	differing, _ := spec[shownField].([]any)
	spec["configValues"] = showing(values, differing, 0)
	delete(spec, shownField)
	return whole, true
}

// withFacts copies a ReleaseConfig as far as its version and the fields of its spec, which it gives, too.
func withFacts(config map[string]any, version string) (copied, spec map[string]any) {
	annotations := CopyMap(MapAt(config, "metadata", "annotations"))
	annotations[factsAnnotation] = version
	metadata := CopyMap(MapAt(config, "metadata"))
	metadata["annotations"] = annotations
	copied, spec = CopyMap(config), CopyMap(MapAt(config, "spec"))
	copied["metadata"], copied["spec"] = metadata, spec
	return copied, spec
}

// differences are the single values that are shown otherwise than they are recorded: `{path: [key, …], text}`.
type differences []any

// collect tells that two values have the same form, and notes where a text is shown in place of a value; false, too, where that
// is so too often.
func (d *differences) collect(shown, recorded any, path []any) bool {
	switch first := shown.(type) {
	case map[string]any:
		second, ok := recorded.(map[string]any)
		if !ok || len(first) != len(second) {
			return false
		}
		for key, below := range first {
			if other, found := second[key]; !found || !d.collect(below, other, append(path, key)) {
				return false
			}
		}
		return true
	case []any:
		second, ok := recorded.([]any)
		if !ok || len(first) != len(second) {
			return false
		}
		for at, below := range first {
			if !d.collect(below, second[at], append(path, strconv.Itoa(at))) {
				return false
			}
		}
		return true
	case string:
		if first != recorded {
			*d = append(*d, map[string]any{"path": slices.Clone(path), "text": first})
		}
		return len(*d) <= maxShown
	default:
		return jsontext.Same(shown, recorded)
	}
}

// showing gives a value with the texts that are shown in it, by paths that are of this value from `depth` on. Each map is copied
// once, however many texts there are.
func showing(value any, texts []any, depth int) any {
	if len(texts) == 0 {
		return value
	}
	below := map[string][]any{}
	for _, text := range texts {
		one, _ := text.(map[string]any)
		path, _ := one["path"].([]any)
		if depth >= len(path) {
			return TextAt(one, "text")
		}
		key, _ := path[depth].(string)
		below[key] = append(below[key], text)
	}
	switch typed := value.(type) {
	case map[string]any:
		made := CopyMap(typed)
		for key, further := range below {
			if child, found := made[key]; found {
				made[key] = showing(child, further, depth+1)
			}
		}
		return made
	case []any:
		made := slices.Clone(typed)
		for key, further := range below {
			if at, err := strconv.Atoi(key); err == nil && at >= 0 && at < len(made) {
				made[at] = showing(made[at], further, depth+1)
			}
		}
		return made
	default:
		return ""
	}
}

// sizeUpTo counts the bytes of a value's names and texts, and stops where they are enough.
func sizeUpTo(value any, enough int) int {
	size := 1
	switch typed := value.(type) {
	case string:
		return len(typed)
	case map[string]any:
		for key, below := range typed {
			if size += len(key) + sizeUpTo(below, enough-size); size >= enough {
				return size
			}
		}
	case []any:
		for _, below := range typed {
			if size += sizeUpTo(below, enough-size); size >= enough {
				return size
			}
		}
	}
	return size
}
