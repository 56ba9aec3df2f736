package client

import (
	"encoding/json"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

const described = `{"components": {"schemas": {
"Web": {
  "type": "object",
  "x-kubernetes-group-version-kind": [{"group": "example.test", "version": "v1", "kind": "Web"}],
  "properties": {
    "kind": {"type": "string"},
    "metadata": {"allOf": [{"$ref": "#/components/schemas/Meta"}], "default": {}},
    "spec": {"type": "object", "properties": {
      "ports": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Port"}]}},
      "limits": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Port"}},
      "anything": {"type": "object"},
      "free": {"x-kubernetes-preserve-unknown-fields": true, "type": "object", "properties": {"known": {"$ref": "#/components/schemas/Port"}}},
      "template": {"x-kubernetes-embedded-resource": true, "type": "object", "properties": {"spec": {"type": "object"}}},
      "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
      "json": {"description": "any value"}
    }}
  }},
"Meta": {"type": "object", "properties": {"labels": {"type": "object", "additionalProperties": {"type": "string"}}, "self": {"$ref": "#/components/schemas/Meta"}}},
"Port": {"type": "object", "properties": {"number": {"type": "integer"}}}
}}}`

func TestUnknownFieldsAreFoundByTheirPath(t *testing.T) {
	schemas, err := parseFieldSchemas([]byte(described), schema.GroupVersion{Group: "example.test", Version: "v1"})
	if err != nil {
		t.Fatal(err)
	}
	for name, one := range map[string]struct {
		object string
		paths  []string
	}{
		"nothing":            {`{"kind": "Web", "metadata": {"labels": {"a/b": "c"}, "self": {"labels": null}}}`, nil},
		"at the top":         {`{"apiVersion": "x", "kind": "Web"}`, []string{"/apiVersion"}},
		"in a reference":     {`{"metadata": {"nam/e~": "x", "self": {"self": {"x": 1}}}}`, []string{"/metadata/nam~1e~0", "/metadata/self/self/x"}},
		"in a list":          {`{"spec": {"ports": [{"number": 1}, {"port": {"below": 1}}]}}`, []string{"/spec/ports/1/port"}},
		"in a map's values":  {`{"spec": {"limits": {"any": {"number": 1, "x": 2}}}}`, []string{"/spec/limits/any/x"}},
		"where all may be":   {`{"spec": {"anything": {"x": {"y": 1}}, "json": {"x": [{"y": 1}]}, "either": {"x": 1}}}`, nil},
		"beside known ones":  {`{"spec": {"free": {"other": {"x": 1}, "known": {"x": 1}}}}`, []string{"/spec/free/known/x"}},
		"in an embedded one": {`{"spec": {"template": {"apiVersion": "v1", "kind": "A", "metadata": {"x": 1}, "other": 1}}}`, []string{"/spec/template/other"}},
		"of a wrong type":    {`{"spec": {"ports": {"x": 1}}, "metadata": [1]}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var object map[string]any
			if err := json.Unmarshal([]byte(one.object), &object); err != nil {
				t.Fatal(err)
			}
			paths := []string{}
			for _, field := range schemas.UnknownFields("Web", object) {
				paths = append(paths, field.Path)
			}
			if !slices.Equal(paths, one.paths) {
				t.Errorf("got %v", paths)
			}
		})
	}
	if found := schemas.UnknownFields("Port", map[string]any{"x": 1}); found != nil {
		t.Errorf("what is not a kind has unknown fields: %v", found)
	}
}
