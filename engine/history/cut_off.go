package history

import "strings"

// cutOff begins the description of a revision whose operation did not fail by itself: the cluster became unreachable.
// It tells the server that the change may be retried.
const cutOff = "interrupted: "

// Cancelled is the whole description of a revision whose operation was cancelled while it ran.
const Cancelled = "cancelled"

// RemovalGivenUp begins the description of a release whose delete crashed: it has its former status.
const RemovalGivenUp = "a delete was given up: "

// MarkCutOff adds it to a description, once.
func MarkCutOff(description string) string {
	return cutOff + strings.TrimPrefix(description, cutOff)
}

// IsCutOff tells whether a description has it.
func IsCutOff(description string) bool { return strings.HasPrefix(description, cutOff) }
