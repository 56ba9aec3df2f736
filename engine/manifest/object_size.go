package manifest

import (
	"encoding/json"
	"maps"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/problem"
)

const (
	// maxObjectBytes is the cluster's limit for one object: etcd refuses larger requests by default.
	maxObjectBytes = 1536 << 10
	// clusterRoom is reserved in each object for what the cluster adds: times, field managers.
	clusterRoom = 4 << 10
	// notesRoom is reserved in a ReleaseConfig for what Walm adds for a change: its task, caller and cause, warnings,
	// the seal.
	notesRoom = 48 << 10
	// walmAnnotations begin with it.
	walmAnnotations = "walm.io/"
)

// CheckObjectSizes refuses a manifest with an object that no cluster can store, before anything of it is written. What
// only a change adds does not count, so a dry run refuses what the change does. Error: RELEASE_TOO_LARGE, which names
// the object, and the remedy for a ReleaseConfig.
func CheckObjectSizes(manifest string) error {
	if maxStored(manifest) <= maxObjectBytes-clusterRoom-notesRoom {
		return nil
	}
	for _, document := range strings.Split(manifest, "\n---") {
		if maxStored(document) <= maxObjectBytes-clusterRoom-notesRoom {
			continue
		}
		for _, object := range ObjectsOf(document) {
			if err := checkObjectSize(object); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkObjectSize(object map[string]any) error {
	limit, remedy := maxObjectBytes-clusterRoom, "divide it, or leave out what it need not hold"
	if isOwnConfig(object) {
		object = WithoutNotes(object)
		limit -= notesRoom
		remedy = "it holds the values of the request: send fewer of them, and put large texts into the chart or into objects of your own"
	}
	size := storedSize(object)
	if size <= limit {
		return nil
	}
	named := problem.ObjectRef{
		APIVersion: TextAt(object, "apiVersion"), Kind: TextAt(object, "kind"),
		Namespace: TextAt(object, "metadata", "namespace"), Name: NameOf(object),
	}
	return problem.New(problem.ReleaseTooLarge, "%s %s would take %d KiB, the cluster keeps %d at most: %s",
		named.Kind, named.Name, (size+1023)>>10, limit>>10, remedy).
		About(named).With("limit", limit).With("size", size)
}

// storedSize is the size of an object in the cluster. Custom kinds are stored as JSON, in which the server escapes some
// characters; for built-in kinds the result is never too high.
func storedSize(object map[string]any) int {
	version, err := schema.ParseGroupVersion(TextAt(object, "apiVersion"))
	if err == nil && (!strings.Contains(version.Group, ".") || strings.HasSuffix(version.Group, ".k8s.io")) {
		return minStored(object)
	}
	text, err := json.Marshal(object)
	if err != nil {
		return 0
	}
	return len(text)
}

// minStored counts names and strings only, which every encoding contains.
func minStored(value any) int {
	size := 0
	switch value := value.(type) {
	case string:
		size = len(value)
	case []any:
		for _, item := range value {
			size += minStored(item)
		}
	case map[string]any:
		for key, field := range value {
			size += len(key) + minStored(field)
		}
	}
	return size
}

// maxStored is an upper bound of the stored size of a YAML text: characters that JSON escapes, and what it adds to
// each line. Texts far below a limit by this measure need not be parsed.
func maxStored(text string) int {
	size := len(text) + 8*strings.Count(text, "\n")
	for _, escaped := range []string{"<", ">", "&", "\\", "\u2028", "\u2029"} {
		size += 5 * strings.Count(text, escaped)
	}
	return size + strings.Count(text, `"`) + strings.Count(text, "\t")
}

// isOwnConfig tells whether an object is of Walm's own kind.
func isOwnConfig(object map[string]any) bool {
	return TextAt(object, "kind") == ReleaseConfigKind && TextAt(object, "apiVersion") == ReleaseConfigVersion
}

// WithoutNotes is a ReleaseConfig without what Walm adds for the change that writes it, including the seal.
func WithoutNotes(config map[string]any) map[string]any {
	annotations := CopyMap(MapAt(config, "metadata", "annotations"))
	maps.DeleteFunc(annotations, func(key string, _ any) bool { return strings.HasPrefix(key, walmAnnotations) })
	metadata := CopyMap(MapAt(config, "metadata"))
	metadata["annotations"] = annotations
	bare := CopyMap(config)
	bare["metadata"] = metadata
	return bare
}
