// Package manifest reads and writes the YAML documents of a release: objects with all their digits, and unchanged
// documents byte for byte. It is pure: it knows no cluster and no operation.
package manifest

import (
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/problem"
	"walm.io/engine/yamltext"
)

// Document is one object of a manifest as the server sees it.
type Document struct {
	Index int `json:"index"`
	// Source is the path of the template, e.g. web/templates/service.yaml.
	Source     string     `json:"source"`
	APIVersion string     `json:"apiVersion"`
	Kind       string     `json:"kind"`
	Namespace  string     `json:"namespace"`
	Name       string     `json:"name"`
	Hook       *HookFacts `json:"hook,omitempty"`
	// Object contains numbers that a double cannot hold as strings, because JavaScript would round them.
	Object map[string]any `json:"object"`
	// Numbers are the paths of those in the object; other strings that look like numbers are strings.
	Numbers [][]string `json:"numbers,omitempty"`
	// Digest identifies the content of a recorded Job that removes itself when it is done; empty for everything else.
	Digest string `json:"digest,omitempty"`
}

// HookFacts are the values of Helm's hook annotations.
type HookFacts struct {
	Events         []string `json:"events"`
	Weight         int      `json:"weight"`
	DeletePolicies []string `json:"deletePolicies"`
}

// SourceComment begins the comment that Helm writes before each document: the path of its template follows.
const SourceComment = "# Source: "

// Scopes tells whether a kind is namespaced; unknown kinds count as namespaced.
type Scopes func(kind schema.GroupKind) bool

// DocumentsOf parses the objects of a manifest in order; lists are replaced by their items. Documents that are not
// objects are left out: Helm has refused them before, or recorded them long ago.
func DocumentsOf(manifest, namespace string, namespaced Scopes) []Document {
	documents := []Document{}
	for _, text := range yamltext.Split(manifest) {
		source := ""
		if rest, found := strings.CutPrefix(text, SourceComment); found {
			source, _, _ = strings.Cut(rest, "\n")
		}
		for _, object := range ObjectsOf(text) {
			documents = append(documents, NewDocument(len(documents), source, object, namespace, namespaced))
		}
	}
	return documents
}

// HookDocuments reads the objects of hooks.
func HookDocuments(hooks []*release.Hook, namespace string, namespaced Scopes) []Document {
	documents := []Document{}
	for _, hook := range hooks {
		for _, object := range ObjectsOf(hook.Manifest) {
			document := NewDocument(len(documents), hook.Path, object, namespace, namespaced)
			document.Hook = FactsOfHook(hook)
			documents = append(documents, document)
		}
	}
	return documents
}

// FactsOfHook parses the annotations of a hook.
func FactsOfHook(hook *release.Hook) *HookFacts {
	facts := &HookFacts{Events: []string{}, Weight: hook.Weight, DeletePolicies: []string{}}
	for _, event := range hook.Events {
		facts.Events = append(facts.Events, event.String())
	}
	for _, policy := range hook.DeletePolicies {
		facts.DeletePolicies = append(facts.DeletePolicies, policy.String())
	}
	return facts
}

// NewDocument is the document of one object; the object itself is changed: its numbers become safe for JavaScript.
func NewDocument(index int, source string, object map[string]any, namespace string, namespaced Scopes) Document {
	safe, numbers := safeNumbers(object)
	document := Document{
		Index:      index,
		Source:     source,
		APIVersion: TextAt(object, "apiVersion"),
		Kind:       TextAt(object, "kind"),
		Name:       NameOf(object),
		Object:     safe.(map[string]any),
		Numbers:    numbers,
	}
	version, err := schema.ParseGroupVersion(document.APIVersion)
	if err == nil && namespaced(schema.GroupKind{Group: version.Group, Kind: document.Kind}) {
		document.Namespace = TextAt(object, "metadata", "namespace")
		if document.Namespace == "" {
			document.Namespace = namespace
		}
	}
	return document
}

// Ref returns the reference of the object.
func (d Document) Ref() problem.ObjectRef {
	return problem.ObjectRef{APIVersion: d.APIVersion, Kind: d.Kind, Namespace: d.Namespace, Name: d.Name}
}

// ChangedDocument is the new state of one document; without an object it is removed.
type ChangedDocument struct {
	Index  int            `json:"index"`
	Object map[string]any `json:"object"`
}

// GroupKind is the kind of the object, whatever its version.
func (d Document) GroupKind() schema.GroupKind {
	return schema.FromAPIVersionAndKind(d.APIVersion, d.Kind).GroupKind()
}
