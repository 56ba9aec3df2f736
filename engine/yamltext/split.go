package yamltext

import (
	"strings"
	"unicode"
)

// separator begins a line; spaces and tabs behind it belong to it, whatever else follows.
const separator = "---"

// Split gives the documents of a stream as Helm's SplitManifests does, in their order: that one searches with a regular
// expression, which takes longer than reading what it finds.
func Split(stream string) []string {
	documents := []string{}
	add := func(document string) {
		// Helm drops the space before a document, and keeps what is behind it.
		if document = strings.TrimLeftFunc(document, unicode.IsSpace); document != "" {
			documents = append(documents, document)
		}
	}
	stream = strings.TrimLeftFunc(stream, unicode.IsSpace)
	if rest, found := strings.CutPrefix(stream, separator); found {
		stream = strings.TrimLeft(rest, " \t")
	}
	for {
		before, rest, found := strings.Cut(stream, "\n"+separator)
		if !found {
			add(stream)
			return documents
		}
		add(before + "\n")
		stream = strings.TrimLeft(rest, " \t")
	}
}
