package client

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// fieldSchema is the part of an OpenAPI v3 document that describes the fields of a value, and how its lists are merged.
type fieldSchema struct {
	Ref        string                  `json:"$ref"`
	Properties map[string]*fieldSchema `json:"properties"`
	Additional *anyFields              `json:"additionalProperties"`
	Items      *fieldSchema            `json:"items"`
	AllOf      []*fieldSchema          `json:"allOf"`
	// Preserve and Embedded are how structural schemas of definitions allow further fields.
	Preserve bool                      `json:"x-kubernetes-preserve-unknown-fields"`
	Embedded bool                      `json:"x-kubernetes-embedded-resource"`
	Kinds    []schema.GroupVersionKind `json:"x-kubernetes-group-version-kind"`
	// Strategy and MergeKey say how a strategic merge patch merges a list.
	Strategy string `json:"x-kubernetes-patch-strategy"`
	MergeKey string `json:"x-kubernetes-patch-merge-key"`
	// ListType and ListKeys say of which fields the entries of a list are known, `map` being the type of those that have any.
	ListType string   `json:"x-kubernetes-list-type"`
	ListKeys []string `json:"x-kubernetes-list-map-keys"`
	Required []string `json:"required"`
	Default  anyValue `json:"default"`
}

// anyValue tells whether there is a value.
type anyValue bool

// UnmarshalJSON is called for any value.
func (v *anyValue) UnmarshalJSON([]byte) error {
	*v = true
	return nil
}

// anyFields are the values of a map: `additionalProperties` is a schema, or true or false.
type anyFields struct {
	allowed bool
	values  *fieldSchema
}

// UnmarshalJSON reads either form.
func (a *anyFields) UnmarshalJSON(text []byte) error {
	if json.Unmarshal(text, &a.allowed) == nil {
		return nil
	}
	a.allowed = true
	return json.Unmarshal(text, &a.values)
}

// FieldSchemas are the kinds of one API version.
type FieldSchemas struct {
	named map[string]*fieldSchema
	kinds map[string]*fieldSchema
}

func parseFieldSchemas(document []byte, version schema.GroupVersion) (*FieldSchemas, error) {
	var parsed struct {
		Components struct {
			Schemas map[string]*fieldSchema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(document, &parsed); err != nil {
		return nil, err
	}
	found := &FieldSchemas{named: parsed.Components.Schemas, kinds: map[string]*fieldSchema{}}
	for _, one := range found.named {
		for _, kind := range one.Kinds {
			if kind.GroupVersion() == version {
				found.kinds[kind.Kind] = one
			}
		}
	}
	return found, nil
}

// UnknownField is a field that its object's kind does not have.
type UnknownField struct {
	// Path is a JSON pointer into the object.
	Path string
	// Parent is the map that contains the field, Name its key there.
	Parent map[string]any
	Name   string
}

// UnknownFields finds the fields of an object that its kind does not have, in the order of their paths; none if the
// kind is not described. It does not look into unknown fields.
func (s *FieldSchemas) UnknownFields(kind string, object map[string]any) []UnknownField {
	described, known := s.kinds[kind]
	if !known {
		return nil
	}
	found := []UnknownField{}
	s.look(s.resolved(described), object, "", &found)
	return found
}

// resolved returns the schemas that apply to a value: itself, what it refers to, and what it combines.
func (s *FieldSchemas) resolved(one *fieldSchema) []*fieldSchema {
	if one == nil {
		return nil
	}
	all := []*fieldSchema{one}
	if name, found := strings.CutPrefix(one.Ref, "#/components/schemas/"); found {
		all = append(all, s.resolved(s.named[name])...)
	}
	for _, part := range one.AllOf {
		all = append(all, s.resolved(part)...)
	}
	return all
}

func (s *FieldSchemas) look(described []*fieldSchema, value any, path string, found *[]UnknownField) {
	switch typed := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			below, known := s.field(described, name)
			pointer := path + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
			if !known {
				*found = append(*found, UnknownField{Path: pointer, Parent: typed, Name: name})
				continue
			}
			s.look(below, typed[name], pointer, found)
		}
	case []any:
		items := []*fieldSchema{}
		for _, one := range described {
			items = append(items, s.resolved(one.Items)...)
		}
		for index, item := range typed {
			s.look(items, item, path+"/"+strconv.Itoa(index), found)
		}
	}
}

// field returns the schemas of one field, and whether the field is allowed at all: values without a detailed
// description may contain anything.
func (s *FieldSchemas) field(described []*fieldSchema, name string) (below []*fieldSchema, known bool) {
	strict := false
	for _, one := range described {
		if property, found := one.Properties[name]; found {
			below, known = append(below, s.resolved(property)...), true
		} else if one.Additional != nil && one.Additional.allowed {
			below, known = append(below, s.resolved(one.Additional.values)...), true
		}
		if one.Preserve || one.Embedded && (name == "apiVersion" || name == "kind" || name == "metadata") {
			known = true
		}
		strict = strict || len(one.Properties) > 0 && one.Additional == nil
	}
	return below, known || !strict
}
