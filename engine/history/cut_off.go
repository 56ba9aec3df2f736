package history

import "strings"

// cutOff begins the description of a revision whose operation did not fail by itself: the cluster went away meanwhile.
// Whoever carries out changes knows by it that the change may be begun anew.
const cutOff = "interrupted: "

// Cancelled is the whole description of a revision whose operation was cancelled while it ran.
const Cancelled = "cancelled"

// RemovalGivenUp begins the description of a release whose delete died: it is what it was.
const RemovalGivenUp = "a delete was given up: "

// MarkCutOff says so of a description, once.
func MarkCutOff(description string) string {
	return cutOff + strings.TrimPrefix(description, cutOff)
}

// IsCutOff tells whether a description says so.
func IsCutOff(description string) bool { return strings.HasPrefix(description, cutOff) }
