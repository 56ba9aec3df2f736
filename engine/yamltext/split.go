package yamltext

import (
	"strings"
	"unicode"
)

// separator begins a line; following spaces and tabs belong to it, whatever else follows.
const separator = "---"

// Split returns the documents of a stream like Helm's SplitManifests, in order; that one uses a regular expression,
// which takes longer than parsing the documents.
func Split(stream string) []string {
	documents := []string{}
	add := func(document string) {
		// Helm drops the space before a document, and keeps what follows it.
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
