// Package excerpt bounds texts that others have written: charts, clusters, registries.
package excerpt

import "strings"

// Of gives a text, or as many of its bytes as it may have with `…` behind them, cut at the end of a letter.
func Of(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
