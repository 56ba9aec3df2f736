package client

import (
	"maps"
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// KeylessEntry is an entry of a list that lacks what tells it apart from the others.
type KeylessEntry struct {
	// Path is that of the entry, such as `spec.containers[0]`.
	Path string
	// Keys are the fields of which it lacks all that follow; at least one.
	Keys []string
	// IsObject tells that it has fields at all: it may be null, or a text.
	IsObject bool
}

// KeylessEntries finds the entries of an object's lists that the cluster refuses because they lack what tells them apart,
// in the order of their paths: a key that its kind requires, or all keys if it requires none. A key with a default may be
// absent, and anything may below `status`, which the cluster does not take from an object.
func (s *FieldSchemas) KeylessEntries(kind schema.GroupVersionKind, object map[string]any) []KeylessEntry {
	described, known := s.kinds[kind.Kind]
	if !known {
		return nil
	}
	search := keySearch{schemas: s, isBuiltIn: IsBuiltIn(kind)}
	top := s.resolved(described)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if name == "status" {
			continue
		}
		below, _ := s.field(top, name)
		search.look(below, object[name], name)
	}
	return search.found
}

type keySearch struct {
	schemas *FieldSchemas
	// isBuiltIn: the defaults of required fields are Go's zero values there, which the cluster refuses.
	isBuiltIn bool
	found     []KeylessEntry
}

func (k *keySearch) look(described []*fieldSchema, value any, path string) {
	if len(described) == 0 {
		return
	}
	switch typed := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			below, _ := k.schemas.field(described, name)
			k.look(below, typed[name], path+"."+name)
		}
	case []any:
		items, keys := []*fieldSchema{}, []string{}
		for _, one := range described {
			items = append(items, k.schemas.resolved(one.Items)...)
			if one.ListType == "map" {
				keys = append(keys, one.ListKeys...)
			}
		}
		for index, item := range typed {
			at := path + "[" + strconv.Itoa(index) + "]"
			if lacking, isObject := k.lacking(items, keys, item); len(lacking) > 0 {
				k.found = append(k.found, KeylessEntry{Path: at, Keys: lacking, IsObject: isObject})
				continue
			}
			k.look(items, item, at)
		}
	}
}

// lacking returns the keys that an entry has to have and does not.
func (k *keySearch) lacking(items []*fieldSchema, keys []string, item any) (lacking []string, isObject bool) {
	fields, isObject := item.(map[string]any)
	if !isObject {
		return keys, false
	}
	known := false
	for _, key := range keys {
		isRequired, hasDefault := requirementOf(items, key)
		switch {
		case fields[key] != nil:
			known = true
		case isRequired && (k.isBuiltIn || !hasDefault):
			lacking = append(lacking, key)
		case hasDefault:
			known = true
		}
	}
	if len(lacking) == 0 && !known {
		return keys, true
	}
	return lacking, true
}

// requirementOf tells whether an entry must have a field, and whether the cluster sets it if it does not.
func requirementOf(described []*fieldSchema, name string) (isRequired, hasDefault bool) {
	for _, one := range described {
		isRequired = isRequired || slices.Contains(one.Required, name)
		if property := one.Properties[name]; property != nil {
			hasDefault = hasDefault || bool(property.Default)
		}
	}
	return isRequired, hasDefault
}
