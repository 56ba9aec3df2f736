package chart

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"walm.io/engine/problem"
)

// longestName is far above any real path (Linux stops at 4096 bytes) and keeps messages and recursion short.
const longestName = 1024

// checkEntryName refuses every name of an archive entry that could mean a place outside the chart on any
// system: absolute, `..` or `.` segments, backslashes, drive letters, control characters. Charts are only
// ever read into memory; this protects whoever unpacks one later.
func checkEntryName(name string) error {
	reason := ""
	switch {
	case name == "":
		reason = "the name is empty"
	case len(name) > longestName:
		reason, name = "the name is too long", name[:64]+"…"
	case !utf8.ValidString(name):
		reason = "the name is not UTF-8"
	case strings.ContainsFunc(name, unicode.IsControl):
		reason = "the name contains control characters"
	case strings.Contains(name, `\`):
		reason = "the name contains a backslash"
	case path.IsAbs(name):
		reason = "the path is absolute"
	default:
		reason = badSegment(name)
	}
	if reason == "" {
		return nil
	}
	return problem.New(problem.ChartUnsafePath,
		"the chart archive holds the entry %q: %s; pack the chart again with helm package", name, reason).With("entry", name)
}

func badSegment(name string) string {
	for segment := range strings.SplitSeq(name, "/") {
		switch {
		case segment == "..":
			return "the path leaves the chart"
		case segment == "." || segment == "":
			return "the path has an empty or . segment"
		case len(segment) == 2 && segment[1] == ':':
			return "the path names a drive"
		}
	}
	return ""
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
