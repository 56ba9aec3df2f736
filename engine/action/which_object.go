package action

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	cliresource "k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/problem"
)

// rendered is a document of the manifest, or a hook, that the operation works on.
type rendered struct {
	file, text string
}

// nameObject gives a refusal about an object completely: which file of the chart it is in, its kind and name, and the field.
func (o *operation) nameObject(err error, refused *problem.Problem) *problem.Problem {
	if o.kube == nil || !concernsObjects[refused.Code] || refused.Details["file"] != nil {
		return refused
	}
	text := err.Error()
	documents := o.renderedDocuments()
	subject := refused.Object
	if subject == nil {
		subject = objectInText(text)
	}
	found, object := pick(documents, func(_ rendered, object map[string]any) bool { return isNamed(subject, object) })
	if found == nil {
		named := fileInText.FindStringSubmatch(text)
		found, object = pick(documents, func(one rendered, _ map[string]any) bool { return named != nil && one.file == named[1] })
	}
	if found == nil && subject == nil && refused.Code == problem.ManifestInvalid {
		found, object = pick(documents, func(one rendered, _ map[string]any) bool { return !o.kube.canBuild(one.text) })
	}
	if found == nil {
		return refused
	}
	reference := o.referenceTo(object)
	refused = refused.About(reference).With("file", found.file)
	if refused.Field == "" {
		refused.Field = fieldInText(text, object)
	}
	where := []string{found.file}
	if reference.Name != "" || reference.Kind != "" {
		where = append(where, strings.TrimSpace(reference.Kind+" "+reference.Name))
	}
	if refused.Field != "" {
		where = append(where, "field "+refused.Field)
	}
	refused.Message += fmt.Sprintf(" (%s)", strings.Join(where, ", "))
	return refused
}

// concernsObjects are the codes of refusals that are about one object of the chart.
var concernsObjects = map[problem.Code]bool{
	problem.ManifestInvalid: true, problem.KindUnknown: true, problem.ResourceExists: true, problem.ObjectBeingDeleted: true,
	problem.FieldConflict: true, problem.FieldImmutable: true, problem.QuotaExceeded: true, problem.AdmissionRefused: true,
	problem.AdmissionUnavailable: true, problem.CRDOutdated: true, problem.Forbidden: true,
}

// renderedDocuments are those that Helm validated last, and the hooks of the revision that was written.
func (o *operation) renderedDocuments() []rendered {
	documents := []rendered{}
	for _, entry := range entriesOfManifest(o.kube.validated()) {
		documents = append(documents, rendered{entry.source, entry.text})
	}
	if written := o.records.last(); written != nil {
		for _, hook := range written.Hooks {
			documents = append(documents, rendered{hook.Path, hook.Manifest})
		}
	}
	return documents
}

// pick gives the first document with an object, read loosely, that is wanted.
func pick(documents []rendered, wanted func(one rendered, object map[string]any) bool) (*rendered, map[string]any) {
	for index, one := range documents {
		objects := objectsOf(one.text)
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

// isNamed tells whether a refusal names an object. The API server names kinds by their resources, too: `services`.
func isNamed(named *problem.ObjectRef, object map[string]any) bool {
	if named == nil || named.Name == "" || named.Name != nameOf(object) {
		return false
	}
	kind, other := strings.ToLower(named.Kind), strings.ToLower(textAt(object, "kind"))
	namespace := textAt(object, "metadata", "namespace")
	return (kind == other || strings.TrimRight(kind, "s") == strings.TrimRight(other, "s") || kind == other+"es") &&
		(namespace == "" || named.Namespace == "" || namespace == named.Namespace)
}

// canBuild tells whether a document alone can be turned into objects.
func (c *kubeClient) canBuild(text string) bool {
	list, err := c.Client.Build(strings.NewReader(text), true)
	if err != nil {
		return isKindUnknown(err)
	}
	return !slices.ContainsFunc(list, func(info *cliresource.Info) bool {
		object, err := meta.Accessor(info.Object)
		return info.Name == "" && (err != nil || object.GetGenerateName() == "")
	})
}

// objectInText reads the object that Helm names in a text; nil where it names none.
func objectInText(text string) *problem.ObjectRef {
	if named := applying.FindStringSubmatch(text); named != nil {
		return &problem.ObjectRef{Kind: named[4], Namespace: named[1], Name: named[2]}
	}
	if named := looking.FindStringSubmatch(text); named != nil && named[2] != "" {
		return &problem.ObjectRef{Kind: named[1], Namespace: named[3], Name: named[2]}
	}
	return nil
}

var (
	looking    = regexp.MustCompile(`information about the resource (\S+) "([^"]*)" in namespace "([^"]*)"`)
	fileInText = regexp.MustCompile(`(?:error on|[Hh]ook(?: \S+)?) (\S+/\S+\.\w+)[:\s]`)
	typedField = regexp.MustCompile(`typed patch object \([^)]*\): (.+?): `)
	metaField  = regexp.MustCompile(`Go struct field ObjectMeta\.(\S+) of type`)
	strictly   = regexp.MustCompile(`unknown field "([^"]+)"`)
)

// fieldInText gives the field that an error is about; "" where it does not say.
func fieldInText(text string, object map[string]any) string {
	if found := typedField.FindStringSubmatch(text); found != nil {
		return strings.TrimPrefix(found[1], ".")
	}
	if found := strictly.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	if found := metaField.FindStringSubmatch(text); found != nil {
		return wrongText(object, found[1])
	}
	switch {
	case strings.Contains(text, "quantities must match"):
		return wrongQuantity(object, "")
	case strings.Contains(text, "cannot convert float64 to int"):
		return fraction(object, "")
	case strings.Contains(text, "illegal base64"):
		return wrongBase64(object)
	default:
		return ""
	}
}

// wrongText gives the first value below a path, or the path itself, that is no text although it has to be.
func wrongText(object map[string]any, path string) string {
	texts := mapAt(object, strings.Split(path, ".")...)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if _, isText := texts[name].(string); !isText {
			return path + "." + name
		}
	}
	return path
}

// quantities are fields whose values are quantities.
var quantities = map[string]bool{"limits": true, "requests": true, "hard": true, "capacity": true, "min": true, "max": true, "default": true, "defaultRequest": true, "overhead": true}

// wrongQuantity gives the first quantity that is none.
func wrongQuantity(value any, path string) string {
	switch typed := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			below := strings.TrimPrefix(path+"."+name, ".")
			if amounts, isMap := typed[name].(map[string]any); isMap && quantities[name] {
				for _, amount := range slices.Sorted(maps.Keys(amounts)) {
					if _, err := resource.ParseQuantity(fmt.Sprint(amounts[amount])); err != nil {
						return below + "." + amount
					}
				}
			}
			if text, isText := typed[name].(string); isText && name == "sizeLimit" {
				if _, err := resource.ParseQuantity(text); err != nil {
					return below
				}
			}
			if found := wrongQuantity(typed[name], below); found != "" {
				return found
			}
		}
	case []any:
		for index, item := range typed {
			if found := wrongQuantity(item, fmt.Sprintf("%s[%d]", path, index)); found != "" {
				return found
			}
		}
	}
	return ""
}

// fraction gives the first number that is not whole.
func fraction(value any, path string) string {
	switch typed := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			if found := fraction(typed[name], strings.TrimPrefix(path+"."+name, ".")); found != "" {
				return found
			}
		}
	case []any:
		for index, item := range typed {
			if found := fraction(item, fmt.Sprintf("%s[%d]", path, index)); found != "" {
				return found
			}
		}
	case json.Number:
		if strings.ContainsAny(typed.String(), ".eE") {
			return path
		}
	}
	return ""
}

func wrongBase64(object map[string]any) string {
	data := mapAt(object, "data")
	for _, name := range slices.Sorted(maps.Keys(data)) {
		if _, err := base64.StdEncoding.DecodeString(fmt.Sprint(data[name])); err != nil {
			return "data." + name
		}
	}
	return ""
}
