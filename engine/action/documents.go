package action

import (
	"context"
	"maps"
	"slices"
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/problem"
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
	// Object holds numbers that a double cannot hold as text, because JavaScript would round them.
	Object map[string]any `json:"object"`
	// Numbers are the paths of those in the object; other texts that look like numbers are texts.
	Numbers [][]string `json:"numbers,omitempty"`
}

// HookFacts are what Helm's hook annotations say.
type HookFacts struct {
	Events         []string `json:"events"`
	Weight         int      `json:"weight"`
	DeletePolicies []string `json:"deletePolicies"`
}

// Warning is something the caller should know that did not stop the operation.
type Warning struct {
	Code    string             `json:"code"`
	Message string             `json:"message"`
	Object  *problem.ObjectRef `json:"object,omitempty"`
	// Count is how many objects of the kind it is about, where it is about several; Object is the first then.
	Count int    `json:"count,omitempty"`
	Path  string `json:"path,omitempty"`
}

const sourceComment = "# Source: "

// scopes tells whether a kind is namespaced; kinds nobody knows count as namespaced.
type scopes func(kind schema.GroupKind) bool

// scopesOf asks the cluster's known kinds first and then definitions that are not installed yet.
func (s *Services) scopesOf(ctx context.Context, upcoming map[schema.GroupKind]bool) scopes {
	return func(kind schema.GroupKind) bool {
		if namespaced, known := s.Cluster.Namespaced(ctx, kind); known {
			return namespaced
		}
		namespaced, known := upcoming[kind]
		return namespaced || !known
	}
}

// manifestDocuments reads the objects of a manifest in their order; lists come out as their items. What cannot be
// read as an object is left out: Helm has refused it before, or recorded it long ago.
func manifestDocuments(manifest, namespace string, namespaced scopes) []Document {
	split := releaseutil.SplitManifests(manifest)
	keys := slices.SortedFunc(maps.Keys(split), compareSplitKeys)
	documents := []Document{}
	for _, key := range keys {
		source := ""
		if rest, found := strings.CutPrefix(split[key], sourceComment); found {
			source, _, _ = strings.Cut(rest, "\n")
		}
		for _, object := range objectsOf(split[key]) {
			documents = append(documents, newDocument(len(documents), source, object, namespace, namespaced))
		}
	}
	return documents
}

// hookDocuments reads the objects of hooks.
func hookDocuments(hooks []*release.Hook, namespace string, namespaced scopes) []Document {
	documents := []Document{}
	for _, hook := range hooks {
		for _, object := range objectsOf(hook.Manifest) {
			document := newDocument(len(documents), hook.Path, object, namespace, namespaced)
			document.Hook = hookFacts(hook)
			documents = append(documents, document)
		}
	}
	return documents
}

func hookFacts(hook *release.Hook) *HookFacts {
	facts := &HookFacts{Events: []string{}, Weight: hook.Weight, DeletePolicies: []string{}}
	for _, event := range hook.Events {
		facts.Events = append(facts.Events, event.String())
	}
	for _, policy := range hook.DeletePolicies {
		facts.DeletePolicies = append(facts.DeletePolicies, policy.String())
	}
	return facts
}

func newDocument(index int, source string, object map[string]any, namespace string, namespaced scopes) Document {
	safe, numbers := safeNumbers(object)
	document := Document{
		Index:      index,
		Source:     source,
		APIVersion: textAt(object, "apiVersion"),
		Kind:       textAt(object, "kind"),
		Name:       nameOf(object),
		Object:     safe.(map[string]any),
		Numbers:    numbers,
	}
	version, err := schema.ParseGroupVersion(document.APIVersion)
	if err == nil && namespaced(schema.GroupKind{Group: version.Group, Kind: document.Kind}) {
		document.Namespace = textAt(object, "metadata", "namespace")
		if document.Namespace == "" {
			document.Namespace = namespace
		}
	}
	return document
}

func (d Document) ref() problem.ObjectRef {
	return problem.ObjectRef{APIVersion: d.APIVersion, Kind: d.Kind, Namespace: d.Namespace, Name: d.Name}
}
