package registry

import (
	"encoding/json"
	"fmt"
	"slices"

	"walm.io/engine/excerpt"
	"walm.io/engine/problem"
)

const (
	// mostSkipped is how many entries are told one by one, mostReasonBytes how much of why each is left out.
	mostSkipped     = 20
	mostReasonBytes = 256
)

// SkippedEntry is an entry of an index that is left out, as it is no version of a chart.
type SkippedEntry struct {
	// Chart is the name that the entry stands under.
	Chart string `json:"chart"`
	// Version is "" where the entry has none that is a text.
	Version string `json:"version"`
	Reason  string `json:"reason"`
}

// Skipped are the entries of an index that are left out, in no order.
type Skipped struct {
	// Entries are the first ones.
	Entries []SkippedEntry `json:"entries"`
	// Count is how many there are.
	Count int `json:"count"`
}

func (s *Skipped) add(chart, version, reason string) {
	s.Count++
	if s.Count <= mostSkipped {
		s.Entries = append(s.Entries, SkippedEntry{excerpt.Of(chart, mostVersionBytes), excerpt.Of(version, mostVersionBytes), excerpt.Of(reason, mostReasonBytes)})
	}
}

// mention adds to a problem of what was not found that it stands in the index, and why it is left out.
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

// versionOf is the version that an entry of any form names, "" for none.
func versionOf(entry []byte) string {
	var named struct {
		Version any `json:"version"`
	}
	_ = json.Unmarshal(entry, &named)
	version, _ := named.Version.(string)
	return version
}
