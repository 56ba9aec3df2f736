package client

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
)

// IsBuiltIn tells whether a kind is part of Kubernetes itself, not of a definition or an aggregated API server.
func IsBuiltIn(kind schema.GroupVersionKind) bool {
	return scheme.Scheme.IsGroupRegistered(kind.Group) || kind.Group == "apiextensions.k8s.io" || kind.Group == "apiregistration.k8s.io"
}

// DefinedFields returns the fields of the kind of a definition (v1), by version; none if it is not a definition.
func DefinedFields(definition map[string]any) map[schema.GroupVersionKind]*FieldSchemas {
	text, err := json.Marshal(definition)
	if err != nil {
		return nil
	}
	var parsed struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Spec       struct {
			Group string `json:"group"`
			Names struct {
				Kind string `json:"kind"`
			} `json:"names"`
			Versions []struct {
				Name   string `json:"name"`
				Schema struct {
					Root *fieldSchema `json:"openAPIV3Schema"`
				} `json:"schema"`
			} `json:"versions"`
		} `json:"spec"`
	}
	if json.Unmarshal(text, &parsed) != nil || parsed.APIVersion != "apiextensions.k8s.io/v1" {
		return nil
	}
	found := map[schema.GroupVersionKind]*FieldSchemas{}
	for _, version := range parsed.Spec.Versions {
		root := version.Schema.Root
		if root == nil {
			continue
		}
		// The cluster adds the fields of every object.
		root.Embedded = true
		if root.Properties["metadata"] != nil {
			root.Properties["metadata"] = &fieldSchema{Preserve: true}
		}
		kind := schema.GroupVersionKind{Group: parsed.Spec.Group, Version: version.Name, Kind: parsed.Spec.Names.Kind}
		found[kind] = &FieldSchemas{kinds: map[string]*fieldSchema{kind.Kind: root}}
	}
	return found
}
