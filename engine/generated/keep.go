package generated

import (
	"fmt"
	"text/template"
	"time"

	"walm.io/engine/problem"
)

// maxCalls bounds the work for charts that generate without end.
const maxCalls = 5000

// Change is an upgrade to the same chart with other values.
type Change struct {
	// Old renders the chart as it was when the record was made, New as it is to be, each with these functions in place
	// of Helm's.
	Old, New func(functions template.FuncMap) (map[string]string, error)
	// Recorded are the recorded documents, Objects parses such texts.
	Recorded []string
	Objects  Objects
	// Write serialises an object.
	Write func(object map[string]any) (string, error)
	Now   time.Time
}

// Regenerated names a field that shows something regenerated, and so differs from the record.
type Regenerated struct {
	Object problem.ObjectRef
	Path   string
}

// Keep renders the chart so that generated values, and everything that does not depend on the change, are as recorded.
// The result lists what could not be kept. Errors: those of rendering, and that the chart cannot be analysed; then it
// has to be rendered without this.
func Keep(change Change) (map[string]string, []Regenerated, error) {
	marks := newProbe(false, change.Now)
	files, err := change.New(marks.functions())
	if err != nil || len(marks.calls) == 0 {
		// Nothing was generated: this is what Helm renders.
		return files, nil, err
	}
	if len(marks.calls) > maxCalls {
		return nil, nil, fmt.Errorf("the chart generates more than %d texts", maxCalls)
	}
	renewed, err := change.look(change.New, marks, files)
	if err != nil {
		return nil, nil, err
	}
	marks = newProbe(false, change.Now)
	if files, err = change.Old(marks.functions()); err != nil {
		return nil, nil, err
	}
	former, err := change.look(change.Old, marks, files)
	if err != nil {
		return nil, nil, err
	}
	recorded := []document{}
	for _, text := range change.Recorded {
		recorded = append(recorded, documentsOf(map[string]string{"": text}, change.Objects)...)
	}
	former.remember(recorded)

	compared := compare(former, renewed, change.Now)
	replayed := &replay{calls: renewed.reader.calls, known: compared.known, now: change.Now}
	if files, err = change.New(replayed.functions()); err != nil {
		return nil, nil, err
	}
	if replayed.next != len(replayed.calls) {
		return nil, nil, errOtherCalls
	}
	return change.finish(files, compared)
}

// look renders the chart with memoryless placeholders and combines it with the rendering with the others.
func (c Change) look(render func(template.FuncMap) (map[string]string, error), marks *probe, marked map[string]string) (*symbolicRendering, error) {
	memoryless := newProbe(true, c.Now)
	files, err := render(memoryless.functions())
	if err != nil {
		return nil, err
	}
	kinds := []string{}
	for index, call := range memoryless.calls {
		if index >= len(marks.calls) || marks.calls[index].name != call.name {
			return nil, errOtherCalls
		}
		kinds = append(kinds, call.kind)
		// Texts made of marks may have another length than those made of true values.
		for part := range min(len(call.parts), len(marks.calls[index].parts)) {
			marks.calls[index].parts[part].shape = call.parts[part].shape
		}
	}
	if len(kinds) != len(marks.calls) {
		return nil, errOtherCalls
	}
	return look(documentsOf(files, c.Objects), documentsOf(marked, c.Objects), kinds, marks)
}

// finish gives fields their recorded values if they reveal nothing of what they contain: checksums of generated texts.
func (c Change) finish(files map[string]string, compared *comparison) (map[string]string, []Regenerated, error) {
	documents := documentsOf(files, c.Objects)
	if len(documents) != len(compared.new.documents) {
		return nil, nil, errOtherCalls
	}
	regenerated := []Regenerated{}
	for index, one := range compared.new.documents {
		rendered := documents[index]
		edits := []edit{}
		for _, field := range one.fields {
			value, there := valueAt(rendered.object, field.steps)
			if !there {
				continue
			}
			before := compared.before(field)
			if compared.keeps(field) && value != before.recorded && (field.varies || value != field.plain) {
				edits = append(edits, edit{field.steps, value, before.recorded})
			}
			if compared.isNew(field, value) {
				regenerated = append(regenerated, Regenerated{rendered.ref(), pointer(field.steps)})
			}
		}
		failed, err := c.write(files, rendered, edits)
		if err != nil {
			return nil, nil, err
		}
		for _, one := range failed {
			regenerated = append(regenerated, Regenerated{rendered.ref(), pointer(one.steps)})
		}
	}
	return files, regenerated, nil
}

func (d document) ref() problem.ObjectRef {
	return problem.ObjectRef{
		APIVersion: d.part("apiVersion"), Kind: d.part("kind"), Namespace: d.part("metadata", "namespace"), Name: d.part("metadata", "name"),
	}
}
