package generated

import (
	"encoding/json"
	"reflect"
	"strings"
)

// edit replaces the value of one field of an object.
type edit struct {
	steps    []any
	from, to any
}

// write makes edits in a document that occurs in a file once. Its other bytes stay if possible; otherwise it is
// serialised again. In a list of objects only the first is possible: edits that could not be made are returned.
func (c Change) write(files map[string]string, rendered document, edits []edit) ([]edit, error) {
	if len(edits) == 0 {
		return nil, nil
	}
	wanted, err := copyOf(rendered.object)
	if err != nil {
		return nil, err
	}
	for _, one := range edits {
		setAt(wanted, one.steps, one.to)
	}
	text := c.inPlace(rendered, edits, wanted)
	if text == "" && len(c.Objects(rendered.text)) == 1 {
		if text, err = c.Write(wanted); err != nil {
			return nil, err
		}
	}
	if text == "" || strings.Count(files[rendered.file], rendered.text) != 1 {
		return edits, nil
	}
	files[rendered.file] = strings.Replace(files[rendered.file], rendered.text, text, 1)
	return nil, nil
}

// inPlace replaces only the values in the text of a document; empty if that would change something else.
func (c Change) inPlace(rendered document, edits []edit, wanted map[string]any) string {
	text := rendered.text
	for _, one := range edits {
		from, isText := textOf(one.from)
		to, stays := textOf(one.to)
		if !isText || !stays || from == "" {
			return ""
		}
		text = strings.ReplaceAll(text, from, to)
	}
	before, after := c.Objects(rendered.text), c.Objects(text)
	if len(before) != len(after) {
		return ""
	}
	edited := 0
	for index, object := range after {
		switch {
		case reflect.DeepEqual(before[index], rendered.object) && reflect.DeepEqual(object, wanted):
			edited++
		case !reflect.DeepEqual(before[index], object):
			return ""
		}
	}
	if edited != 1 {
		return ""
	}
	return text
}

// copyOf copies an object; numbers keep their digits.
func copyOf(object map[string]any) (map[string]any, error) {
	text, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	var copied map[string]any
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	return copied, decoder.Decode(&copied)
}
