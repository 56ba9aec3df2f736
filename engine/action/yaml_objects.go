package action

import (
	"encoding/json"
	"strings"

	"sigs.k8s.io/yaml"
)

// objectsOf reads one YAML document as Kubernetes objects: none for a comment or for what is no object, the items
// for a list. Numbers keep their digits.
func objectsOf(text string) []map[string]any {
	object, err := parseObject(text)
	if err != nil || object == nil {
		return nil
	}
	items, isList := object["items"].([]any)
	if !isList || !strings.HasSuffix(textAt(object, "kind"), "List") {
		return []map[string]any{object}
	}
	objects := []map[string]any{}
	for _, item := range items {
		if listed, ok := item.(map[string]any); ok {
			objects = append(objects, listed)
		}
	}
	return objects
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
