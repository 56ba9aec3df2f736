package manifest

import (
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/problem"
)

// CheckOnce refuses rendered documents that make one object twice: only one of them could come true, and which one is an
// accident of their order. Hooks are left out, they replace each other on purpose. Error: MANIFEST_INVALID.
func CheckOnce(documents []Document) error {
	seen := map[[3]string]Document{}
	for _, document := range documents {
		version, err := schema.ParseGroupVersion(document.APIVersion)
		if err != nil || document.Name == "" || document.Hook != nil {
			continue
		}
		key := [3]string{schema.GroupKind{Group: version.Group, Kind: document.Kind}.String(), document.Namespace, document.Name}
		first, twice := seen[key]
		if !twice {
			seen[key] = document
			continue
		}
		return problem.New(problem.ManifestInvalid,
			"%s %s is made twice, by %s and by %s: only one of them can come true, so take one out or give it another name",
			document.Kind, document.Name, first.Source, document.Source).About(document.Ref())
	}
	return nil
}
