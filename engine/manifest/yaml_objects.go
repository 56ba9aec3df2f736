package manifest

import (
	"bytes"
	"encoding/json"
	"strings"

	"walm.io/engine/yamltext"
)

// ObjectsOf parses one YAML document as Kubernetes objects: none for a comment or anything else that is not an object, the
// items for a list. Numbers keep their digits.
func ObjectsOf(text string) []map[string]any {
	object, err := ParseObject(text)
	if err != nil || object == nil {
		return nil
	}
	if !IsList(object) {
		return []map[string]any{object}
	}
	objects := []map[string]any{}
	for _, item := range object["items"].([]any) {
		if listed, ok := item.(map[string]any); ok {
			objects = append(objects, withKindOf(object, listed))
		}
	}
	return objects
}

// ObjectsOfAll parses the objects of several YAML documents in order.
func ObjectsOfAll(text string) []map[string]any {
	objects := []map[string]any{}
	for _, document := range yamltext.Split(text) {
		objects = append(objects, ObjectsOf(document)...)
	}
	return objects
}

// IsList tells whether Helm applies the items of an object instead of the object: the decoder of Kubernetes checks for
// items, whatever the kind.
func IsList(object map[string]any) bool {
	_, items := object["items"].([]any)
	return items
}

// withKindOf gives an item of a list without a kind the kind that follows from the list's, like the decoder of
// Kubernetes: items of a SecretList are Secrets.
func withKindOf(list, item map[string]any) map[string]any {
	if TextAt(item, "kind") != "" || TextAt(item, "apiVersion") != "" {
		return item
	}
	typed := CopyMap(item)
	typed["kind"] = strings.TrimSuffix(TextAt(list, "kind"), "List")
	typed["apiVersion"] = TextAt(list, "apiVersion")
	return typed
}

// ParseObject parses one YAML document like Helm and kubectl; nil if it is empty.
func ParseObject(text string) (map[string]any, error) {
	form, err := yamltext.ToJSON(text)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(form))
	decoder.UseNumber()
	var object map[string]any
	return object, decoder.Decode(&object)
}
