package manifest

import (
	"fmt"

	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/problem"
)

// CheckOnce refuses documents that define one object twice: only one of them could be applied, and which one depends on
// their order. A hook does not count among the release's own objects: an existing object of its name is deleted before
// it is created. Hooks replace each other on purpose, at other events or in the order of their weights; tests run one
// after the other. Error: MANIFEST_INVALID.
func CheckOnce(documents []Document) error {
	makers := map[objectName]*makers{}
	for _, document := range documents {
		version, err := schema.ParseGroupVersion(document.APIVersion)
		if err != nil || document.Name == "" {
			continue
		}
		name := objectName{schema.GroupKind{Group: version.Group, Kind: document.Kind}, document.Namespace, document.Name}
		if makers[name] == nil {
			makers[name] = newMakers()
		}
		if other, why := makers[name].add(document); why != "" {
			return madeTwice(other, document, why)
		}
	}
	return nil
}

// CheckRecordedOnce is CheckOnce for a recorded revision: plain Helm records objects that are defined twice.
func CheckRecordedOnce(recorded *release.Release, namespace string, scopes Scopes) error {
	return CheckOnce(append(
		DocumentsOf(recorded.Manifest, namespace, scopes), HookDocuments(recorded.Hooks, namespace, scopes)...))
}

type objectName struct {
	kind            schema.GroupKind
	namespace, name string
}

// makers are the documents that define one object: one of the manifest, any hook, and the hooks of each event.
type makers struct {
	object, hook *Document
	moments      map[string]Document
}

func newMakers() *makers { return &makers{moments: map[string]Document{}} }

// add adds a document; if it conflicts with one of the others, it returns that one and why.
func (m *makers) add(document Document) (other Document, why string) {
	if document.Hook == nil {
		if m.object != nil {
			return *m.object, "only one of them can come true"
		}
		m.object = &document
	} else if m.hook == nil {
		m.hook = &document
	}
	if m.object != nil && m.hook != nil {
		other = *m.object
		if document.Hook == nil {
			other = *m.hook
		}
		return other, "one is a hook, which deletes what has its name"
	}
	if document.Hook == nil {
		return other, ""
	}
	for _, event := range document.Hook.Events {
		if event == release.HookTest.String() {
			continue
		}
		moment := fmt.Sprintf("%s %d", event, document.Hook.Weight)
		if other, taken := m.moments[moment]; taken {
			return other, fmt.Sprintf("both are hooks of %s with the weight %d, and each deletes the other", event, document.Hook.Weight)
		}
		m.moments[moment] = document
	}
	return other, ""
}

func madeTwice(first, second Document, why string) error {
	files := fmt.Sprintf("by %s and by %s", first.Source, second.Source)
	if first.Source == second.Source {
		files = "by " + first.Source
	}
	return problem.New(problem.ManifestInvalid,
		"%s %s is created twice, %s: %s; remove one or rename it",
		second.Kind, second.Name, files, why).About(second.Ref()).With("file", second.Source).With("files", []string{first.Source, second.Source})
}
