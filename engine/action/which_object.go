package action

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/refusal"
)

// rendered is a document of the manifest, or a hook, that the operation works on.
type rendered struct {
	file, text string
}

// nameObject completes a refusal of an object with its file in the chart, its kind and name, and the field.
func (o *operation) nameObject(err error, refused *problem.Problem) *problem.Problem {
	if o.kube == nil || !concernsObjects[refused.Code] || refused.Details["file"] != nil {
		return refused
	}
	text := err.Error()
	documents := o.renderedDocuments()
	subject := refused.Object
	if subject == nil {
		subject = refusal.ObjectInText(text)
	}
	found, object := pick(documents, func(_ rendered, object map[string]any) bool { return isNamed(subject, object) })
	if found == nil {
		named := refusal.FileInText.FindStringSubmatch(text)
		found, object = pick(documents, func(one rendered, object map[string]any) bool {
			return named != nil && one.file == named[1] && isOfKind(refused, object)
		})
	}
	if found == nil && subject == nil && refused.Code == problem.ManifestInvalid {
		found, object = pick(documents, func(one rendered, _ map[string]any) bool { return !o.kube.CanBuild(one.text) })
	}
	if found == nil && subject == nil && refused.Code == problem.KindUnknown {
		found, object = pick(documents, func(_ rendered, object map[string]any) bool {
			return manifest.TextAt(object, "kind") != "" && isOfKind(refused, object)
		})
	}
	if found == nil {
		if named := refusal.FileInText.FindStringSubmatch(text); named != nil && refused.Code == problem.ManifestInvalid {
			// The file cannot be parsed, so that only it can be named.
			return refused.With("file", named[1])
		}
		return refused
	}
	reference := o.rendering.ReferenceTo(object)
	refused = o.rendering.OfChartsObject(refused, object)
	refused = refused.About(reference)
	if found.file != "" {
		refused = refused.With("file", found.file)
	}
	if refused.Field == "" {
		refused.Field = refusal.FieldInText(text, object)
	}
	where := []string{}
	if found.file != "" {
		where = append(where, found.file)
	}
	if reference.Name != "" || reference.Kind != "" {
		where = append(where, strings.TrimSpace(reference.Kind+" "+reference.Name))
	}
	if refused.Field != "" {
		where = append(where, "field "+refused.Field)
	}
	if len(where) > 0 {
		refused.Message += fmt.Sprintf(" (%s)", strings.Join(where, ", "))
	}
	return refused
}

// concernsObjects are the codes of refusals that are about one object of the chart.
var concernsObjects = map[problem.Code]bool{
	problem.ManifestInvalid: true, problem.KindUnknown: true, problem.ResourceExists: true, problem.ObjectBeingDeleted: true,
	problem.FieldConflict: true, problem.FieldImmutable: true, problem.QuotaExceeded: true, problem.AdmissionRefused: true,
	problem.AdmissionUnavailable: true, problem.CRDOutdated: true, problem.Forbidden: true,
}

// renderedDocuments are those that Helm validated last, or else recorded, and the hooks of the revision that was written.
func (o *operation) renderedDocuments() []rendered {
	documents, nameless := []rendered{}, []rendered{}
	for _, entry := range manifest.EntriesOfManifest(o.kube.Validated()) {
		if entry.Source == "" {
			// A hook that runs before the manifest is validated is validated without its file.
			nameless = append(nameless, rendered{entry.Source, entry.Text})
			continue
		}
		documents = append(documents, rendered{entry.Source, entry.Text})
	}
	hooks := o.foreseenHooks
	if written := o.records.Last(); written != nil {
		hooks = written.Hooks
		if len(documents) == 0 {
			// What is recorded already, Helm does not validate again.
			for _, entry := range manifest.EntriesOfManifest(written.Manifest) {
				documents = append(documents, rendered{entry.Source, entry.Text})
			}
		}
	}
	for _, hook := range hooks {
		documents = append(documents, rendered{hook.Path, hook.Manifest})
	}
	return append(documents, nameless...)
}

// pick returns the first document with an object, parsed leniently, that is wanted.
func pick(documents []rendered, wanted func(one rendered, object map[string]any) bool) (*rendered, map[string]any) {
	for index, one := range documents {
		objects := manifest.ObjectsOf(one.text)
		if len(objects) == 0 {
			objects = []map[string]any{{}}
		}
		for _, object := range objects {
			if wanted(one, object) {
				return &documents[index], object
			}
		}
	}
	return nil, nil
}

// isOfKind tells whether an object can be the one that a refusal of a kind is about; any can that others are about.
func isOfKind(refused *problem.Problem, object map[string]any) bool {
	kind, ok := refused.Details["kind"].(string)
	if refused.Code != problem.KindUnknown || !ok {
		return true
	}
	group, _ := refused.Details["group"].(string)
	of := schema.FromAPIVersionAndKind(manifest.TextAt(object, "apiVersion"), manifest.TextAt(object, "kind"))
	return of.Kind == kind && of.Group == group
}

// isNamed tells whether a refusal names an object. The API server also names kinds by their resources: `services`.
func isNamed(named *problem.ObjectRef, object map[string]any) bool {
	if named == nil || named.Name == "" || named.Name != manifest.NameOf(object) {
		return false
	}
	kind, other := strings.ToLower(named.Kind), strings.ToLower(manifest.TextAt(object, "kind"))
	namespace := manifest.TextAt(object, "metadata", "namespace")
	return (kind == other || strings.TrimRight(kind, "s") == strings.TrimRight(other, "s") || kind == other+"es") &&
		(namespace == "" || named.Namespace == "" || namespace == named.Namespace)
}
