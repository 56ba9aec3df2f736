// Package yamltext writes YAML that can be read again, whatever the texts in it contain.
package yamltext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v2"

	"walm.io/engine/jsontext"
)

// Marshal is yaml.Marshal for any text: characters that YAML does not allow as such are written as escapes. The library's
// own goes by way of JSON, which lets them stand, and refuses to read that. ToJSON knows what it gives without reading it.
func Marshal(value any) ([]byte, error) {
	text, err := jsontext.Marshal(value)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var plain any
	if err := decoder.Decode(&plain); err != nil {
		return nil, err
	}
	if plain, err = withNumbers(plain); err != nil {
		return nil, err
	}
	written, err := yaml.Marshal(plain)
	if err == nil && !mayDiffer(text) && isReadAsWritten(plain) {
		remember(string(written), text)
	}
	return written, err
}

// remember keeps the JSON form of a document as it was written, and as Helm writes it down, with an empty line behind it: that
// is a part of it only where a text says that it goes on to the end.
func remember(document string, form []byte) {
	known.keep(document, form)
	if !strings.Contains(document, "|+") && !strings.Contains(document, ">+") {
		known.keep(document+"\n", form)
	}
}

// mayDiffer tells that a JSON text may not be what is written of the values in it: what is no character becomes one, and -0
// becomes 0.
func mayDiffer(text []byte) bool {
	return slices.ContainsFunc([]string{`\ufffd`, ":-0", "[-0", ",-0"}, func(part string) bool {
		return bytes.Contains(text, []byte(part))
	})
}

// isReadAsWritten tells that the JSON of a value is the JSON of what is read from its YAML, digit by digit: it has no floats,
// and no key that means something else to YAML.
func isReadAsWritten(value any) bool {
	switch typed := value.(type) {
	case map[string]any:
		for key, below := range typed {
			if key == "<<" || !isReadAsWritten(below) {
				return false
			}
		}
	case []any:
		return !slices.ContainsFunc(typed, func(below any) bool { return !isReadAsWritten(below) })
	case string, bool, nil, int:
	default:
		return false
	}
	return true
}

// withNumbers gives JSON with its numbers as YAML reads them, in place: the library's own reads the whole of the JSON as YAML
// for that, which takes as long as everything else.
func withNumbers(value any) (any, error) {
	var err error
	switch typed := value.(type) {
	case map[string]any:
		for key, below := range typed {
			if typed[key], err = withNumbers(below); err != nil {
				return nil, err
			}
		}
	case []any:
		for index, below := range typed {
			if typed[index], err = withNumbers(below); err != nil {
				return nil, err
			}
		}
	case json.Number:
		var number any
		err := yaml.Unmarshal([]byte(typed), &number)
		return number, err
	}
	return value, nil
}

// Escape writes the characters of a JSON document that YAML does not allow as JSON escapes; they only occur in texts. The
// API server reads what is applied as YAML.
func Escape(document []byte) []byte {
	if bytes.IndexFunc(document, isForbidden) < 0 {
		return document
	}
	written := make([]byte, 0, len(document)+16)
	for len(document) > 0 {
		char, size := utf8.DecodeRune(document)
		if isForbidden(char) {
			written = fmt.Appendf(written, `\u%04x`, char)
		} else {
			written = append(written, document[:size]...)
		}
		document = document[size:]
	}
	return written
}

// isForbidden tells what a YAML document may not contain, or takes for the end of a line; JSON writes those below the space
// as escapes itself.
func isForbidden(char rune) bool {
	const byteOrderMark = 0xFEFF
	return (char >= 0x7F && char < 0xA0) || char == byteOrderMark || char == 0xFFFE || char == 0xFFFF
}
