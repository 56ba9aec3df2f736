package manifest

import (
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// DefinedKinds returns the kinds that definitions define, and whether they are namespaced.
func (e Entries) DefinedKinds() map[schema.GroupKind]bool {
	defined := map[schema.GroupKind]bool{}
	for _, entry := range e {
		for _, object := range ObjectsOfAll(entry.Text) {
			kind := TextAt(object, "spec", "names", "kind")
			if TextAt(object, "kind") == DefinitionKind && kind != "" {
				group := TextAt(object, "spec", "group")
				defined[schema.GroupKind{Group: group, Kind: kind}] = TextAt(object, "spec", "scope") != "Cluster"
			}
		}
	}
	return defined
}

// VersionsDefinedBy returns the kinds by API version that the chart's crds/ folders define.
func VersionsDefinedBy(loaded *helmchart.Chart) map[string][]string {
	defined := map[string][]string{}
	for _, definition := range loaded.CRDObjects() {
		for _, object := range ObjectsOfAll(string(definition.File.Data)) {
			kind := TextAt(object, "spec", "names", "kind")
			names := []string{TextAt(object, "spec", "version")}
			versions, _ := MapAt(object, "spec")["versions"].([]any)
			for _, version := range versions {
				if version, ok := version.(map[string]any); ok {
					names = append(names, TextAt(version, "name"))
				}
			}
			for _, name := range names {
				if kind != "" && name != "" {
					version := schema.GroupVersion{Group: TextAt(object, "spec", "group"), Version: name}.String()
					defined[version] = append(defined[version], kind)
				}
			}
		}
	}
	return defined
}

// DefinitionKind is the kind of custom resource definitions.
const DefinitionKind = "CustomResourceDefinition"
