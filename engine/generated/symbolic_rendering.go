package generated

import "strings"

// symbolicRendering is a chart rendered with certain values: once with memoryless placeholders, which show what depends on
// these values, and once with placeholders that show which call generated what.
type symbolicRendering struct {
	reader *reader
	// kinds are those of the calls: equal ones had the same arguments.
	kinds  []string
	fields []*field
	// byKey are the fields by document and path, documents by the identity that they have with memoryless placeholders.
	byKey     map[string]*field
	documents []symbolicDocument
}

type symbolicDocument struct {
	identity  string
	kind      string
	namespace string
	name      []segment
	fields    []*field
}

// field is one value in a symbolicRendering.
type field struct {
	key      string
	document int
	steps    []any
	// plain is the value with memoryless placeholders.
	plain any
	// segments are the parts of the value with the other placeholders.
	segments []segment
	tokens   []reference
	// varies tells that the value is another one with the other placeholders: something generated is in it, recognised
	// or not.
	varies bool
	// recorded is the recorded value at the same place, nil for none.
	recorded any
}

// look combines both renderings, which have to be of the same documents.
func look(plain, marked []document, kinds []string, marks *probe) (*symbolicRendering, error) {
	if len(plain) != len(marked) {
		return nil, errOtherCalls
	}
	made := &symbolicRendering{reader: newReader(marks.calls), kinds: kinds, byKey: map[string]*field{}}
	names := identities(plain)
	for index := range plain {
		one := symbolicDocument{
			identity: names[index], kind: plain[index].part("kind"), namespace: plain[index].part("metadata", "namespace"),
		}
		one.name = made.reader.segments(marked[index].part("metadata", "name"))
		for _, value := range leavesOf(plain[index].object) {
			found := &field{key: one.identity + value.path, document: len(made.documents), steps: value.steps, plain: value.value}
			mark, there := valueAt(marked[index].object, value.steps)
			found.varies = !there || mark != value.value
			if there {
				if text, isText := textOf(mark); isText {
					found.segments = made.reader.segments(text)
					found.tokens = tokensOf(found.segments)
				}
			}
			one.fields = append(one.fields, found)
			made.fields = append(made.fields, found)
			made.byKey[found.key] = found
		}
		made.documents = append(made.documents, one)
	}
	return made, nil
}

// remember fills in the recorded values of the fields.
func (r *symbolicRendering) remember(recorded []document) {
	for _, group := range r.groups() {
		matching := []document{}
		for _, candidate := range recorded {
			if r.fits(r.documents[group[0]], candidate) {
				matching = append(matching, candidate)
			}
		}
		if len(matching) != len(group) {
			// They cannot be distinguished.
			continue
		}
		for place, index := range group {
			r.rememberDocument(r.documents[index], matching[place])
		}
	}
}

// groups returns the documents with the same name.
func (r *symbolicRendering) groups() [][]int {
	order := []string{}
	groups := map[string][]int{}
	for index, one := range r.documents {
		name := one.identity[:strings.LastIndexByte(one.identity, 0)]
		if groups[name] == nil {
			order = append(order, name)
		}
		groups[name] = append(groups[name], index)
	}
	sorted := [][]int{}
	for _, name := range order {
		sorted = append(sorted, groups[name])
	}
	return sorted
}

// fits tells whether a recorded document can be this one: names may have been generated.
func (r *symbolicRendering) fits(one symbolicDocument, recorded document) bool {
	if one.kind != recorded.part("kind") || one.namespace != recorded.part("metadata", "namespace") {
		return false
	}
	_, fits := r.reader.read(one.name, recorded.part("metadata", "name"))
	return fits
}

func (r *symbolicRendering) rememberDocument(one symbolicDocument, recorded document) {
	values := map[string]any{}
	for _, value := range leavesOf(recorded.object) {
		values[one.identity+value.path] = value.value
	}
	for _, field := range one.fields {
		field.recorded = values[field.key]
	}
}

// sameAs tells whether a document of another symbolicRendering has the same fields with the same plain values.
func (one symbolicDocument) sameAs(other *symbolicRendering) bool {
	for _, field := range one.fields {
		if before := other.byKey[field.key]; before == nil || before.plain != field.plain {
			return false
		}
	}
	for _, candidate := range other.documents {
		if candidate.identity == one.identity {
			return len(candidate.fields) == len(one.fields)
		}
	}
	return false
}
