package registry

import (
	"cmp"
	"encoding/hex"
	"slices"
)

const (
	// pageVersions and pageBytes bound one page: versions, and roughly the bytes of their texts.
	pageVersions = 2_000
	pageBytes    = 512 << 10
)

// Page is the requested part of an index.
type Page struct {
	// Chart is the only requested one, "" for all.
	Chart string `json:"chart,omitempty"`
	// Versions is the maximum number of versions, 0 for a full page.
	Versions int `json:"versions,omitempty"`
	// From is where to continue, nil for the beginning.
	From *Position `json:"from,omitempty"`
	// Index identifies the index of the earlier pages: while it is cached the repository is not asked again.
	Index string `json:"index,omitempty"`
}

// Position is after this many versions of a chart. It is also valid in a later index.
type Position struct {
	Chart    string `json:"chart"`
	Versions int    `json:"versions"`
}

// Part is a page of an index.
type Part struct {
	Charts []IndexedChart
	// Next is where the next page begins, nil at the end.
	Next *Position
	// Index identifies the index of this part.
	Index string
	// Skipped are the skipped entries of the whole index.
	Skipped Skipped
}

func (i cachedIndex) name() string { return hex.EncodeToString(i.digest[:]) }

// part cuts out a page. Charts are sorted by name.
func (i cachedIndex) part(page Page) Part {
	part := Part{Charts: []IndexedChart{}, Index: i.name(), Skipped: i.parsed.Skipped}
	from := Position{Chart: page.Chart}
	if page.From != nil {
		from = *page.From
	}
	start, _ := slices.BinarySearchFunc(i.parsed.Charts, from.Chart, func(chart IndexedChart, name string) int { return cmp.Compare(chart.Name, name) })
	versions, bytes := pageVersions, pageBytes
	if page.Versions > 0 {
		versions = min(versions, page.Versions)
	}
	for _, chart := range i.parsed.Charts[start:] {
		if page.Chart != "" && chart.Name != page.Chart {
			break
		}
		begin := 0
		if chart.Name == from.Chart {
			begin = min(max(0, from.Versions), len(chart.Versions))
		}
		end := begin
		for ; end < len(chart.Versions) && versions > 0 && bytes > 0; end++ {
			versions--
			bytes -= chart.Versions[end].size()
		}
		if end > begin {
			part.Charts = append(part.Charts, IndexedChart{chart.Name, chart.Versions[begin:end]})
		}
		if end < len(chart.Versions) {
			part.Next = &Position{chart.Name, end}
			break
		}
	}
	return part
}

func (v IndexedVersion) size() int {
	return 200 + len(v.Version) + len(v.AppVersion) + len(v.Description) + len(v.Digest)
}
