package manifest

import (
	"regexp"
	"slices"
	"strings"

	"walm.io/engine/yamltext"
)

// headLine matches a top-level line of a document with its kind or version.
var headLine = regexp.MustCompile(`(?m)^(apiVersion|kind):[ \t]+["']?([^\s"'#]+)["']?[ \t]*\r?$`)

// AllServed tells, at a fraction of the cost of parsing the documents, that rendered files contain only kinds that are
// served. False if a document is written unusually: then it has to be parsed.
func AllServed(files map[string]string, served map[string][]string) bool {
	for file, content := range files {
		if strings.HasSuffix(file, NotesFile) {
			continue
		}
		for _, text := range yamltext.Split(content) {
			if !isServed(text, served) {
				return false
			}
		}
	}
	return true
}

func isServed(text string, served map[string][]string) bool {
	lines := headLine.FindAllStringSubmatch(text, -1)
	if len(lines) != 2 || lines[0][1] == lines[1][1] {
		return false
	}
	version, kind := lines[0][2], lines[1][2]
	if lines[0][1] == "kind" {
		version, kind = kind, version
	}
	if strings.HasSuffix(kind, "List") {
		return false
	}
	return slices.Contains(served[version], kind) || (version == ReleaseConfigVersion && kind == ReleaseConfigKind)
}
