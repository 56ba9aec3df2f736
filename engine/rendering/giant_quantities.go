package rendering

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/refusal"
)

// giant matches a quantity whose exponent has four digits or more: the API server needs minutes to read some of these.
var giant = regexp.MustCompile(`^\s*[+-]?[0-9.]+[eE][+-]?0*[1-9][0-9]{3,}\s*$`)

// CheckQuantities refuses quantities that no cluster can reckon with, before anybody tries. Error: MANIFEST_INVALID.
func CheckQuantities(documents []manifest.Document) error {
	for _, document := range documents {
		field, text := giantQuantity(document.Object, "", false)
		if field == "" {
			continue
		}
		refused := problem.New(problem.ManifestInvalid, "%s of %s %s is %s, a quantity that nothing has (%s)",
			field, document.Kind, document.Name, text, document.Source).About(document.Ref()).With("file", document.Source)
		refused.Field = field
		return refused
	}
	return nil
}

// giantQuantity returns the path of the first such quantity and its text; empty: there is none.
func giantQuantity(value any, path string, isQuantity bool) (field, text string) {
	switch typed := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			below := strings.TrimPrefix(path+"."+name, ".")
			if field, text = giantQuantity(typed[name], below, isQuantity || name == "sizeLimit" || refusal.HoldsQuantities(name)); field != "" {
				return field, text
			}
		}
	case []any:
		for index, item := range typed {
			if field, text = giantQuantity(item, fmt.Sprintf("%s[%d]", path, index), isQuantity); field != "" {
				return field, text
			}
		}
	case string:
		if isQuantity && len(typed) < 100 && giant.MatchString(typed) {
			return path, typed
		}
	}
	return "", ""
}
