package rendering

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
)

// checkCharacters refuses rendered files with a character that YAML does not allow unescaped, before Helm's parser does, which
// does not say where it is. Files that Helm does not parse are left out. Error: MANIFEST_INVALID.
func checkCharacters(files map[string]string) error {
	for _, name := range manifest.SortedKeys(files) {
		if strings.HasPrefix(path.Base(name), "_") || strings.HasSuffix(name, "NOTES.txt") {
			continue
		}
		text := files[name]
		at := strings.IndexFunc(text, isUnprintable)
		if at < 0 {
			continue
		}
		found, _ := utf8.DecodeRuneInString(text[at:])
		line, character := 1+strings.Count(text[:at], "\n"), fmt.Sprintf("%U", found)
		return problem.New(problem.ManifestInvalid,
			"line %d of %s has the character %s, which YAML does not allow as it is: print the value with quote or toJson", line, name, character).
			With("file", name).With("line", line).With("character", character)
	}
	return nil
}

// isUnprintable is YAML's rule. Bytes that are not UTF-8 are left to its parser.
func isUnprintable(character rune) bool {
	switch {
	case character == '\t' || character == '\n' || character == '\r' || character == 0x85:
		return false
	case character < 0x20, character >= 0x7F && character < 0xA0, character == 0xFFFE, character == 0xFFFF:
		return true
	default:
		return false
	}
}
