package refusal

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
)

// ObjectInText returns the object that Helm names in a text; nil if it names none.
func ObjectInText(text string) *problem.ObjectRef {
	if named := applying.FindStringSubmatch(text); named != nil {
		return &problem.ObjectRef{Kind: named[4], Namespace: named[1], Name: named[2]}
	}
	if named := looking.FindStringSubmatch(text); named != nil && named[2] != "" {
		return &problem.ObjectRef{Kind: named[1], Namespace: named[3], Name: named[2]}
	}
	return nil
}

// FieldInText returns the field of an error; "" if it names none.
func FieldInText(text string, object map[string]any) string {
	if found := typedField.FindStringSubmatch(text); found != nil {
		return strings.TrimPrefix(found[1], ".")
	}
	if found := strictly.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	if found := metaField.FindStringSubmatch(text); found != nil {
		return wrongText(object, found[1])
	}
	switch {
	case strings.Contains(text, "quantities must match"):
		return wrongQuantity(object, "")
	case strings.Contains(text, "cannot convert float64 to int"):
		return fraction(object)
	case strings.Contains(text, "illegal base64"):
		return wrongBase64(object)
	default:
		return ""
	}
}

// wrongText returns the first value below a path, or the path itself, that should be a string but is not.
func wrongText(object map[string]any, path string) string {
	texts := manifest.MapAt(object, strings.Split(path, ".")...)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if _, isText := texts[name].(string); !isText {
			return path + "." + name
		}
	}
	return path
}

// quantities are fields whose values are quantities.
var quantities = map[string]bool{"limits": true, "requests": true, "hard": true, "capacity": true, "min": true, "max": true, "default": true, "defaultRequest": true, "overhead": true}

// HoldsQuantities tells whether the values below a field of this name are quantities, in the kinds of Kubernetes.
func HoldsQuantities(field string) bool { return quantities[field] }

// wrongQuantity returns the first invalid quantity.
func wrongQuantity(value any, path string) string {
	switch typed := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			below := strings.TrimPrefix(path+"."+name, ".")
			if amounts, isMap := typed[name].(map[string]any); isMap && quantities[name] {
				for _, amount := range slices.Sorted(maps.Keys(amounts)) {
					if _, err := resource.ParseQuantity(fmt.Sprint(amounts[amount])); err != nil {
						return below + "." + amount
					}
				}
			}
			if text, isText := typed[name].(string); isText && name == "sizeLimit" {
				if _, err := resource.ParseQuantity(text); err != nil {
					return below
				}
			}
			if found := wrongQuantity(typed[name], below); found != "" {
				return found
			}
		}
	case []any:
		for index, item := range typed {
			if found := wrongQuantity(item, fmt.Sprintf("%s[%d]", path, index)); found != "" {
				return found
			}
		}
	}
	return ""
}

// fraction returns the first number that is not an integer.
func fraction(object map[string]any) string {
	path, _ := manifest.FirstLeaf(object, func(_ []string, leaf any) bool {
		number, isNumber := leaf.(json.Number)
		return isNumber && strings.ContainsAny(number.String(), ".eE")
	})
	return path
}

// binaries are fields with texts or maps of texts in base64, by kind; `caBundle` is one in every kind.
var binaries = map[string]string{"Secret": "data", "ConfigMap": "binaryData"}

func wrongBase64(object map[string]any) string {
	field := binaries[manifest.TextAt(object, "kind")]
	data := manifest.MapAt(object, field)
	for _, name := range slices.Sorted(maps.Keys(data)) {
		if !isBase64(data[name]) {
			return field + "." + name
		}
	}
	// An authority.
	path, _ := manifest.FirstLeaf(object, func(names []string, leaf any) bool {
		text, isText := leaf.(string)
		return isText && names[len(names)-1] == "caBundle" && !isBase64(text)
	})
	return path
}

func isBase64(value any) bool {
	_, err := base64.StdEncoding.DecodeString(fmt.Sprint(value))
	return err == nil
}

var (
	looking    = regexp.MustCompile(`information about the resource (\S+) "([^"]*)" in namespace "([^"]*)"`)
	FileInText = regexp.MustCompile(`(?:error on|[Hh]ook(?: \S+)?) (\S+/\S+\.\w+)[:\s]`)
	typedField = regexp.MustCompile(`typed patch object \([^)]*\): (.+?): `)
	metaField  = regexp.MustCompile(`Go struct field ObjectMeta\.(\S+) of type`)
	strictly   = regexp.MustCompile(`unknown field "([^"]+)"`)
)
