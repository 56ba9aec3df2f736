// Package yamltext writes YAML that can be read again, whatever the texts in it contain.
package yamltext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"sigs.k8s.io/yaml"
)

// Marshal is yaml.Marshal for any text: characters that YAML does not allow as such are written as escapes. The library's
// own goes by way of JSON, which lets them stand, and refuses to read that.
func Marshal(value any) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return yaml.JSONToYAML(Escape(text))
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
