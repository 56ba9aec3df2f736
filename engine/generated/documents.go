package generated

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"walm.io/engine/yamltext"
)

// document is one object of a rendering or a record.
type document struct {
	file string
	// text is the YAML document, which contains more than this object if it is a list.
	text   string
	object map[string]any
}

// Objects parses the objects of one YAML document; none if there is nothing to parse.
type Objects func(text string) []map[string]any

// documentsOf parses rendered files, in an order that does not depend on their contents.
func documentsOf(files map[string]string, objects Objects) []document {
	found := []document{}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(file, "NOTES.txt") {
			continue
		}
		for _, text := range yamltext.Split(files[file]) {
			for _, object := range objects(text) {
				found = append(found, document{file, text, object})
			}
		}
	}
	return found
}

// part reads a string in the metadata or at the top level of the object.
func (d document) part(keys ...string) string {
	at := any(d.object)
	for _, key := range keys {
		below, _ := at.(map[string]any)
		at = below[key]
	}
	text, _ := at.(string)
	return text
}

// identity identifies an object independently of its API version.
func (d document) identity() string {
	return d.part("kind") + "\x00" + d.part("metadata", "namespace") + "\x00" + d.part("metadata", "name")
}

// identities distinguishes documents of the same name by their order.
func identities(documents []document) []string {
	seen := map[string]int{}
	names := []string{}
	for _, one := range documents {
		identity := one.identity()
		seen[identity]++
		names = append(names, identity+"\x00"+strconv.Itoa(seen[identity]))
	}
	return names
}

// leaf is a value in an object that contains no others.
type leaf struct {
	// steps are keys and indexes, path identifies the same place in a way that does not change when an item is added to
	// a list.
	steps []any
	path  string
	value any
}

// leavesOf returns the leaves of an object in a fixed order.
func leavesOf(object map[string]any) []leaf {
	found := []leaf{}
	var walk func(value any, steps []any, path string)
	walk = func(value any, steps []any, path string) {
		switch typed := value.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(typed)) {
				walk(typed[key], append(slices.Clone(steps), key), path+"\x00"+key)
			}
		case []any:
			names := itemNames(typed)
			for index, item := range typed {
				walk(item, append(slices.Clone(steps), index), path+"\x00"+names[index])
			}
		default:
			found = append(found, leaf{steps, path, value})
		}
	}
	walk(object, nil, "")
	return found
}

// itemNames names the items of a list by their `name` if all have different ones, else by their position.
func itemNames(items []any) []string {
	names, places := []string{}, []string{}
	seen := map[string]bool{}
	for index, item := range items {
		fields, _ := item.(map[string]any)
		name, _ := fields["name"].(string)
		names, places = append(names, "name="+name), append(places, strconv.Itoa(index))
		if name == "" || seen[name] {
			names = nil
		}
		seen[name] = true
	}
	if len(names) < len(items) {
		return places
	}
	return names
}

// valueAt follows steps; false if they lead nowhere.
func valueAt(object map[string]any, steps []any) (any, bool) {
	at := any(object)
	for _, step := range steps {
		switch key := step.(type) {
		case string:
			below, isMap := at.(map[string]any)
			value, there := below[key]
			if !isMap || !there {
				return nil, false
			}
			at = value
		case int:
			below, isList := at.([]any)
			if !isList || key >= len(below) {
				return nil, false
			}
			at = below[key]
		}
	}
	return at, true
}

// setAt replaces a value that valueAt has found.
func setAt(object map[string]any, steps []any, value any) {
	last := len(steps) - 1
	above, _ := valueAt(object, steps[:last])
	switch key := steps[last].(type) {
	case string:
		if fields, isMap := above.(map[string]any); isMap {
			fields[key] = value
		}
	case int:
		if items, isList := above.([]any); isList {
			items[key] = value
		}
	}
}

// pointer formats steps as a JSON pointer.
func pointer(steps []any) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	written := strings.Builder{}
	for _, step := range steps {
		written.WriteString("/" + escape.Replace(fmt.Sprint(step)))
	}
	return written.String()
}

// textOf returns a value that may have been generated as text.
func textOf(value any) (string, bool) {
	switch typed := value.(type) {
	case string:
		return typed, true
	case json.Number:
		return typed.String(), true
	default:
		return "", false
	}
}
