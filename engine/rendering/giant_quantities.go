package rendering

import (
	"regexp"
	"slices"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/refusal"
)

// giant matches a quantity whose exponent has four digits or more: the API server needs minutes to read some of these.
var giant = regexp.MustCompile(`^\s*[+-]?[0-9.]+[eE][+-]?0*[1-9][0-9]{3,}\s*$`)

// CheckQuantities refuses quantities that no cluster can reckon with, before anybody tries. Error: MANIFEST_INVALID.
func CheckQuantities(documents []manifest.Document) error {
	for _, document := range documents {
		field, text := manifest.FirstLeaf(document.Object, isGiantQuantity)
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

func isGiantQuantity(names []string, leaf any) bool {
	text, isText := leaf.(string)
	return isText && len(text) < 100 && giant.MatchString(text) && slices.ContainsFunc(names, holdsQuantity)
}

func holdsQuantity(name string) bool { return name == "sizeLimit" || refusal.HoldsQuantities(name) }
