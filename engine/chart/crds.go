package chart

import (
	"bufio"
	"bytes"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
)

// CRD is one definition in the crds/ folder of the chart or of a subchart.
type CRD struct {
	// Name is the object's name, "" if the document cannot be read as an object.
	Name string `json:"name"`
	// File is its path in the chart, with the chart's name in front.
	File string `json:"file"`
}

func crdsOf(loaded *helmchart.Chart) []CRD {
	found := []CRD{}
	for _, definition := range loaded.CRDObjects() {
		documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(definition.File.Data)))
		for {
			document, err := documents.Read()
			if err != nil {
				break
			}
			if len(bytes.TrimSpace(document)) == 0 {
				continue
			}
			found = append(found, CRD{Name: nameOf(document), File: definition.Filename})
		}
	}
	return found
}

func nameOf(document []byte) string {
	var object struct {
		Metadata struct {
			Name string `json:"name"`
		} `json:"metadata"`
	}
	if err := yaml.Unmarshal(document, &object); err != nil {
		return ""
	}
	return object.Metadata.Name
}
