package registry

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
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
	// Query are words that a chart must have in name, keywords or description, ignoring case.
	Query string `json:"query,omitempty"`
	// Latest asks for the newest version of each chart that is not a pre-release, else its newest.
	Latest bool `json:"latest,omitempty"`
	// Ranked asks for the best matches of the query first, all in one page.
	Ranked bool `json:"ranked,omitempty"`
	// Names are the only requested charts, none for all.
	Names []string `json:"names,omitempty"`
	// StableFor asks for the newest version of each chart that is not a pre-release and runs on a cluster of this version;
	// charts without one are left out. On a cluster whose version cannot be read only those run that need none. "" for no
	// such condition.
	StableFor string `json:"stableFor,omitempty"`
	// InMemory asks for a page of the index that is cached, however old; of none if there is none.
	InMemory bool `json:"inMemory,omitempty"`
	// FreshSec is for how long an index is used without asking the repository whether it has changed, in seconds.
	FreshSec int `json:"freshSec,omitempty"`
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
	// Total is how many versions all pages have together, Charts how many charts the index has.
	Total, ChartCount int
}

func (i cachedIndex) name() string { return hex.EncodeToString(i.digest[:]) }

// part cuts out a page. Charts are sorted by name.
func (i cachedIndex) part(page Page) Part {
	charts := i.parsed.wanted(page)
	part := Part{Charts: []IndexedChart{}, Index: i.name(), Skipped: i.parsed.Skipped, ChartCount: len(i.parsed.Charts)}
	for _, chart := range charts {
		part.Total += len(chart.Versions)
	}
	from := Position{Chart: page.Chart}
	if page.From != nil {
		from = *page.From
	}
	start := 0
	if !page.Ranked {
		start, _ = slices.BinarySearchFunc(charts, from.Chart, func(chart IndexedChart, name string) int { return cmp.Compare(chart.Name, name) })
	}
	versions, bytes := pageVersions, pageBytes
	if page.Versions > 0 {
		versions = min(versions, page.Versions)
	}
	for _, chart := range charts[start:] {
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
	return 200 + len(v.Version) + len(v.AppVersion) + len(v.Description) + len(v.Digest) + len(v.Icon) + len(v.Keywords) + len(v.KubeVersion)
}

// size is roughly what the index takes in memory, in bytes.
func (i Index) size() int {
	size := 0
	for _, chart := range i.Charts {
		for _, version := range chart.Versions {
			size += version.size()
			for _, address := range version.urls {
				size += len(address)
			}
		}
	}
	return size
}

// wanted are the charts and versions that a page is a part of: sorted by name, or by rank.
func (i Index) wanted(page Page) []IndexedChart {
	charts := i.Charts
	if page.Chart != "" {
		at, found := slices.BinarySearchFunc(charts, page.Chart, func(chart IndexedChart, name string) int { return cmp.Compare(chart.Name, name) })
		if !found {
			return nil
		}
		charts = charts[at : at+1]
	}
	if len(page.Names) > 0 {
		charts = namedOf(charts, page.Names)
	}
	if page.StableFor != "" {
		charts = stableFor(charts, page.StableFor)
	}
	words := strings.Fields(strings.ToLower(page.Query))
	if len(words) == 0 && !page.Latest {
		return charts
	}
	found, ranks := []IndexedChart{}, map[string]int{}
	for _, chart := range charts {
		newest := newestOf(chart.Versions)
		rank := rankOf(words, chart.Name, chart.Versions[newest])
		if rank == noMatch {
			continue
		}
		if page.Latest {
			chart.Versions = chart.Versions[newest : newest+1]
		}
		ranks[chart.Name] = rank
		found = append(found, chart)
	}
	if page.Ranked {
		slices.SortStableFunc(found, func(a, b IndexedChart) int { return cmp.Compare(ranks[a.Name], ranks[b.Name]) })
	}
	return found
}

// namedOf are the charts with these names.
func namedOf(charts []IndexedChart, names []string) []IndexedChart {
	sorted := slices.Compact(slices.Sorted(slices.Values(names)))
	found := []IndexedChart{}
	for _, name := range sorted {
		if at, there := slices.BinarySearchFunc(charts, name, func(chart IndexedChart, name string) int { return cmp.Compare(chart.Name, name) }); there {
			found = append(found, charts[at])
		}
	}
	return found
}

// stableFor are the charts with their newest version that is not a pre-release and runs on a cluster of this version.
func stableFor(charts []IndexedChart, cluster string) []IndexedChart {
	version, err := semver.NewVersion(cluster)
	if err != nil {
		version = nil
	}
	found := []IndexedChart{}
	for _, chart := range charts {
		at := slices.IndexFunc(chart.Versions, func(candidate IndexedVersion) bool {
			return candidate.parsed != nil && candidate.parsed.Prerelease() == "" && runsOn(candidate.KubeVersion, version)
		})
		if at >= 0 {
			found = append(found, IndexedChart{chart.Name, chart.Versions[at : at+1]})
		}
	}
	return found
}

// runsOn is whether a cluster is in the range of a chart, as Helm judges it when it installs.
func runsOn(kubeVersion string, cluster *semver.Version) bool {
	if kubeVersion == "" || cluster == nil {
		return kubeVersion == ""
	}
	wanted, err := semver.NewConstraint(kubeVersion)
	return err == nil && wanted.Check(cluster)
}

// newestOf is the first version that is not a pre-release, else the first.
func newestOf(versions []IndexedVersion) int {
	return max(0, slices.IndexFunc(versions, func(version IndexedVersion) bool { return version.parsed == nil || version.parsed.Prerelease() == "" }))
}

// The ranks of matches; the best is the lowest.
const (
	sameName = iota
	namePrefix
	inName
	inKeywords
	inDescription
	noMatch
)

// rankOf is the rank of the word that matches worst: each has to be somewhere.
func rankOf(words []string, name string, version IndexedVersion) int {
	name = strings.ToLower(name)
	keywords, description := strings.ToLower(version.Keywords), strings.ToLower(version.Description)
	worst := sameName
	for _, word := range words {
		rank := noMatch
		switch {
		case name == word:
			rank = sameName
		case strings.HasPrefix(name, word):
			rank = namePrefix
		case strings.Contains(name, word):
			rank = inName
		case strings.Contains(keywords, word):
			rank = inKeywords
		case strings.Contains(description, word):
			rank = inDescription
		}
		worst = max(worst, rank)
	}
	return worst
}
