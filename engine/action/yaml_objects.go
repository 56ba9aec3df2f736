package action

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"sigs.k8s.io/yaml"
)

// objectsOf reads one YAML document as Kubernetes objects: none for a comment or for what is no object, the items
// for a list. Numbers keep their digits.
func objectsOf(text string) []map[string]any {
	object, err := parseObject(text)
	if err != nil || object == nil {
		return nil
	}
	if !isList(object) {
		return []map[string]any{object}
	}
	objects := []map[string]any{}
	for _, item := range object["items"].([]any) {
		if listed, ok := item.(map[string]any); ok {
			objects = append(objects, listed)
		}
	}
	return objects
}

// objectsOfAll reads the objects of several YAML documents in their order.
func objectsOfAll(text string) []map[string]any {
	split := releaseutil.SplitManifests(text)
	objects := []map[string]any{}
	for _, key := range slices.SortedFunc(maps.Keys(split), compareSplitKeys) {
		objects = append(objects, objectsOf(split[key])...)
	}
	return objects
}

// isList tells whether an object holds others, as kubectl's lists do.
func isList(object map[string]any) bool {
	_, items := object["items"].([]any)
	return items && strings.HasSuffix(textAt(object, "kind"), "List")
}

// parseObject reads one YAML document as Helm and kubectl do; nil if it holds nothing.
func parseObject(text string) (map[string]any, error) {
	var object map[string]any
	err := yaml.Unmarshal([]byte(text), &object, func(decoder *json.Decoder) *json.Decoder {
		decoder.UseNumber()
		return decoder
	})
	return object, err
}
