package history

import (
	"regexp"
	"strings"
)

// cutOff begins the description of a revision whose operation did not fail by itself: the cluster became unreachable.
// It tells the server that the change may be retried.
const cutOff = "interrupted: "

// Cancelled is the whole description of a revision whose operation was cancelled while it ran.
const Cancelled = "cancelled"

// RemovalGivenUp begins the description of a release whose delete crashed: it has its former status.
const RemovalGivenUp = "a delete was given up: "

// aborted begins the description of an attempt that the server settled, and Helm's of one that failed.
var aborted = regexp.MustCompile(`^(Walm: task \S+ was (interrupted|cancelled)|Walm: \S+ since \S+ and not finished, |(Upgrade|Rollback|Release) "[^"]*" failed: )`)

// MarkCutOff adds it to a description, once.
func MarkCutOff(description string) string {
	return cutOff + strings.TrimPrefix(description, cutOff)
}

// IsCutOff tells whether a description has it.
func IsCutOff(description string) bool { return strings.HasPrefix(description, cutOff) }

// isAborted tells whether a description is one of an attempt that was never applied, whatever status Helm has given it
// since.
func isAborted(description string) bool {
	return description == Cancelled || IsCutOff(description) || aborted.MatchString(description)
}
