package registry

import (
	"encoding/json"
	"fmt"
	"slices"

	"walm.io/engine/excerpt"
	"walm.io/engine/problem"
)

const (
	// maxSkipped is how many entries are listed, maxReasonBytes the maximum reason of each.
	maxSkipped     = 20
	maxReasonBytes = 256
)

// SkippedEntry is an entry of an index that is skipped because it is not a valid chart version.
type SkippedEntry struct {
	// Chart is the name under which the entry is listed.
	Chart string `json:"chart"`
	// Version is "" if the entry has no version that is a string.
	Version string `json:"version"`
	Reason  string `json:"reason"`
}

// Skipped are the skipped entries of an index, in no particular order.
type Skipped struct {
	// Entries are the first ones.
	Entries []SkippedEntry `json:"entries"`
	// Count is their number.
	Count int `json:"count"`
}

func (s *Skipped) add(chart, version, reason string) {
	s.Count++
	if s.Count <= maxSkipped {
		s.Entries = append(s.Entries, SkippedEntry{excerpt.Of(chart, maxVersionBytes), excerpt.Of(version, maxVersionBytes), excerpt.Of(reason, maxReasonBytes)})
	}
}

// mention adds to a not-found problem that the entry exists in the index, and why it was skipped.
func (s *Skipped) mention(found *problem.Problem, chart, version string) *problem.Problem {
	isMeant := func(entry SkippedEntry) bool {
		return entry.Chart == chart && (version == "" || entry.Version == version)
	}
	isUnnamed := func(entry SkippedEntry) bool { return entry.Chart == chart && entry.Version == "" }
	for _, matches := range []func(SkippedEntry) bool{isMeant, isUnnamed} {
		if at := slices.IndexFunc(s.Entries, matches); at >= 0 {
			entry := s.Entries[at]
			found.Message += fmt.Sprintf(" (the entry %s of the repository's index is left out: %s)", entry.title(), entry.Reason)
			return found
		}
	}
	return found
}

func (e SkippedEntry) title() string {
	if e.Version == "" {
		return e.Chart
	}
	return e.Chart + " " + e.Version
}

// versionOf is the version in an entry of any form, "" for none.
func versionOf(entry []byte) string {
	var named struct {
		Version any `json:"version"`
	}
	_ = json.Unmarshal(entry, &named)
	version, _ := named.Version.(string)
	return version
}
