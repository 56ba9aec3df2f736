// Package yamltext writes YAML that can be parsed again, whatever strings it contains.
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

// Marshal is yaml.Marshal for any string: characters that YAML does not allow are written as escapes. The library's own
// goes through JSON, which allows them, and refuses to parse that. ToJSON knows the result for its output without
// parsing.
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

// remember caches the JSON form of a document as it was written, and as Helm records it, with an empty line behind it:
// that line is part of the document only if a string extends to the end.
func remember(document string, form []byte) {
	known.keep(document, form)
	if !strings.Contains(document, "|+") && !strings.Contains(document, ">+") {
		known.keep(document+"\n", form)
	}
}

// mayDiffer tells that a JSON text may differ from what is written of its values: an invalid character is replaced, and
// -0 becomes 0.
func mayDiffer(text []byte) bool {
	return slices.ContainsFunc([]string{`\ufffd`, ":-0", "[-0", ",-0"}, func(part string) bool {
		return bytes.Contains(text, []byte(part))
	})
}

// isReadAsWritten tells that the JSON of a value is the JSON of what is parsed from its YAML, digit by digit: it has no
// floats, and no key with a different meaning in YAML.
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

// withNumbers returns JSON with its numbers as YAML parses them, in place: the library's own parses the whole JSON as
// YAML for that, which takes as long as everything else.
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

// Escape writes the characters of a JSON document that YAML does not allow as JSON escapes; they only occur in strings.
// The API server parses what is applied as YAML.
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

// isForbidden recognises what a YAML document must not contain, or takes for the end of a line; JSON escapes those
// below the space itself.
func isForbidden(char rune) bool {
	const byteOrderMark = 0xFEFF
	return (char >= 0x7F && char < 0xA0) || char == byteOrderMark || char == 0xFFFE || char == 0xFFFF
}
