package client

import (
	"encoding/json"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

const keyed = `{"components": {"schemas": {
"Web": {
  "x-kubernetes-group-version-kind": [{"group": "apps", "version": "v1", "kind": "Web"}, {"group": "example.test", "version": "v1", "kind": "Web"}],
  "properties": {
    "spec": {"properties": {
      "ports": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"], "items": {"allOf": [{"$ref": "#/components/schemas/Port"}]}},
      "pulls": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "items": {"properties": {"name": {"default": ""}}}},
      "secrets": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name", "kind"], "items": {"properties": {"name": {}, "kind": {}}}},
      "texts": {"x-kubernetes-list-type": "set", "items": {"type": "string"}},
      "merged": {"x-kubernetes-patch-merge-key": "ip", "x-kubernetes-list-type": "atomic", "items": {"required": ["ip"], "properties": {"ip": {}}}},
      "parts": {"items": {"$ref": "#/components/schemas/Web"}}
    }},
    "status": {"properties": {"ports": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port"], "items": {"required": ["port"]}}}}
  }},
"Port": {"required": ["port"], "properties": {"port": {"default": 0}, "protocol": {"default": "TCP"}}}
}}}`

func TestEntriesWithoutTheirKeysAreFound(t *testing.T) {
	for name, one := range map[string]struct{ object, builtIn, custom string }{
		"all there":              {`{"spec": {"ports": [{"port": 1}, {"port": 1, "protocol": "UDP"}]}}`, "", ""},
		"a required one is not":  {`{"spec": {"ports": [{"port": 1}, {"protocol": "UDP"}]}}`, "spec.ports[1] port", ""},
		"a required one is null": {`{"spec": {"ports": [{"port": null}]}}`, "spec.ports[0] port", ""},
		"it is empty":            {`{"spec": {"ports": [{"port": ""}]}}`, "", ""},
		"one has a default":      {`{"spec": {"pulls": [{}]}}`, "", ""},
		"all are missing":        {`{"spec": {"secrets": [{"kind": "A"}, {"x": 1}]}}`, "spec.secrets[1] name kind", "spec.secrets[1] name kind"},
		"no fields":              {`{"spec": {"ports": [null], "pulls": ["a"]}}`, "spec.ports[0] port protocol!, spec.pulls[0] name!", "spec.ports[0] port protocol!, spec.pulls[0] name!"},
		"not by keys":            {`{"spec": {"texts": ["a", null], "merged": [{}]}}`, "", ""},
		"deep":                   {`{"spec": {"parts": [{}, {"spec": {"secrets": [{}]}}]}}`, "spec.parts[1].spec.secrets[0] name kind", "spec.parts[1].spec.secrets[0] name kind"},
		"the cluster's":          {`{"status": {"ports": [{}]}}`, "", ""},
		"of a wrong type":        {`{"spec": {"ports": {"a": 1}}, "x": [null]}`, "", ""},
		"of an unknown field":    {`{"spec": {"other": [null, {"ports": [{}]}]}}`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var object map[string]any
			if err := json.Unmarshal([]byte(one.object), &object); err != nil {
				t.Fatal(err)
			}
			for group, want := range map[string]string{"apps": one.builtIn, "example.test": one.custom} {
				kind := schema.GroupVersionKind{Group: group, Version: "v1", Kind: "Web"}
				schemas, err := parseFieldSchemas([]byte(keyed), kind.GroupVersion())
				if err != nil {
					t.Fatal(err)
				}
				found := []string{}
				for _, entry := range schemas.KeylessEntries(kind, object) {
					text := entry.Path + " " + strings.Join(entry.Keys, " ")
					if !entry.IsObject {
						text += "!"
					}
					found = append(found, text)
				}
				if got := strings.Join(found, ", "); got != want {
					t.Errorf("%s: %s", group, got)
				}
			}
		})
	}
	if found := (&FieldSchemas{}).KeylessEntries(schema.GroupVersionKind{Kind: "Unknown"}, map[string]any{"spec": nil}); len(found) > 0 {
		t.Errorf("of an unknown kind: %v", found)
	}
}
