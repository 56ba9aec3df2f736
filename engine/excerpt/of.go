// Package excerpt bounds texts of foreign origin: from charts, clusters, registries.
package excerpt

import "strings"

// Of returns a text, or its first bytes up to a maximum followed by `…`, cut at the end of a character.
func Of(text string, maxBytes int) string {
	if len(text) <= maxBytes {
		return text
	}
	return strings.ToValidUTF8(text[:maxBytes], "") + "…"
}
