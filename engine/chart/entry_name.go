package chart

import (
	"bytes"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"helm.sh/helm/v4/pkg/chart/loader/archive"

	"walm.io/engine/problem"
)

// maxNameLength is far above any real path (Linux stops at 4096 bytes) and keeps messages and recursion short.
const maxNameLength = 1024

// archiveEntry is a file of an archive.
type archiveEntry struct {
	// path are the significant parts of its name; dotted says that the name begins with `./`.
	path   []string
	dotted bool
	file   *archive.BufferedFile
}

func (e archiveEntry) last() string { return e.path[len(e.path)-1] }

// appleDouble is the header of the files in which macOS stores file system metadata.
var appleDouble = []byte{0x00, 0x05, 0x16, 0x07}

// isOfMac recognises files that macOS adds to archives. Helm takes some of them for templates.
func (e archiveEntry) isOfMac(content []byte) bool {
	hidden := strings.HasPrefix(e.last(), "._") && (bytes.HasPrefix(content, appleDouble) || len(e.path) == 1)
	return hidden || e.path[0] == "__MACOSX" || e.last() == ".DS_Store"
}

// entryOf parses the name of an archive's entry like Helm: empty parts are dropped, and backslashes separate parts,
// too. It refuses every name that could mean a place outside the chart on any system: absolute ones, `..`, drive
// letters, control characters. Charts are only ever read into memory; this protects programs that unpack one later.
// Error: CHART_UNSAFE_PATH.
func entryOf(name string) (archiveEntry, error) {
	entry := archiveEntry{}
	slashed := strings.ReplaceAll(name, `\`, "/")
	reason := ""
	switch {
	case name == "":
		reason = "the name is empty"
	case len(name) > maxNameLength:
		reason, name = "the name is too long", name[:64]+"…"
	case !utf8.ValidString(name):
		reason = "the name is not UTF-8"
	case strings.ContainsFunc(name, unicode.IsControl):
		reason = "the name contains control characters"
	case path.IsAbs(slashed), insideIsAbsolute(slashed):
		reason = "the path is absolute"
	default:
		entry.dotted = slashed == "." || strings.HasPrefix(slashed, "./")
		for part := range strings.SplitSeq(slashed, "/") {
			switch {
			case part == "..":
				reason = "the path leaves the chart"
			case len(part) == 2 && part[1] == ':':
				reason = "the path names a drive"
			case part != "." && part != "":
				entry.path = append(entry.path, part)
			}
		}
	}
	if reason == "" && len(entry.path) == 0 && !entry.dotted {
		reason = "the name is empty"
	}
	if reason == "" {
		return entry, nil
	}
	return entry, problem.New(problem.ChartUnsafePath,
		"the chart archive holds the entry %q: %s; pack the chart again with helm package", name, reason).With("entry", name)
}

// insideIsAbsolute recognises a path that is absolute without its first part, which Helm refuses.
func insideIsAbsolute(name string) bool {
	_, inside, _ := strings.Cut(name, "/")
	return strings.HasPrefix(inside, "/")
}

// isNestedArchive tells whether Helm would unpack this file as a subchart: `charts/x.tgz` of the chart itself
// or of a subchart folder, names that begin with `_` or `.` excepted.
func isNestedArchive(name string) bool {
	for {
		rest, found := strings.CutPrefix(name, "charts/")
		if !found {
			return false
		}
		entry, inside, isFolder := strings.Cut(rest, "/")
		if strings.HasPrefix(entry, "_") || strings.HasPrefix(entry, ".") {
			return false
		}
		if !isFolder {
			return path.Ext(entry) == ".tgz"
		}
		name = inside
	}
}
