package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/repo/v1"
	"sigs.k8s.io/yaml"

	"walm.io/engine/excerpt"
	"walm.io/engine/problem"
)

// IndexedChart is a chart of a repository.
type IndexedChart struct {
	Name string `json:"name"`
	// Versions are sorted, newest first.
	Versions []IndexedVersion `json:"versions"`
}

// IndexedVersion is one version of a chart as the repository's index describes it.
type IndexedVersion struct {
	Version     string `json:"version"`
	AppVersion  string `json:"appVersion"`
	Description string `json:"description"`
	// Created is RFC 3339, "" if the index does not say.
	Created    string `json:"created"`
	Digest     string `json:"digest"`
	Deprecated bool   `json:"deprecated"`
	// Icon is an address, "" for none.
	Icon string `json:"icon"`
	// Keywords are joined by spaces.
	Keywords string `json:"keywords"`
	// KubeVersion is the range of Kubernetes versions that it needs, "" for all.
	KubeVersion string `json:"kubeVersion,omitempty"`

	urls   []string
	parsed *semver.Version
}

// Index is the content of a repository.
type Index struct {
	// Charts are sorted by name.
	Charts  []IndexedChart `json:"charts"`
	Skipped Skipped        `json:"skipped"`
}

// wholeIndexBytes is the size up to which an index is decoded as a whole, which takes twenty times as much memory.
const wholeIndexBytes = 16 << 20

// parseIndex parses index.yaml like Helm: invalid entries are left out, the rest counts. Unlike Helm it ignores unknown
// fields, and does not hold a large index in memory.
func parseIndex(data []byte, shown string) (Index, error) {
	index := Index{Charts: []IndexedChart{}, Skipped: Skipped{Entries: []SkippedEntry{}}}
	if err := checkIndexShape(data, shown); err != nil {
		return index, err
	}
	reader, err := readIndex(data)
	if err != nil || reader.mismatched && reader.matched == 0 {
		return index, indexInvalid(shown, shownReason(err)).Because(err)
	}
	if reader.apiVersion == "" {
		return index, indexInvalid(shown, "it has no apiVersion")
	}
	index.Skipped = *reader.skipped
	for _, name := range slices.Sorted(maps.Keys(reader.charts)) {
		versions := reader.charts[name]
		slices.SortStableFunc(versions, func(a, b IndexedVersion) int { return b.parsed.Compare(a.parsed) })
		index.Charts = append(index.Charts, IndexedChart{Name: name, Versions: versions})
	}
	return index, nil
}

func newIndexReader() *indexReader {
	return &indexReader{charts: map[string][]IndexedVersion{}, skipped: &Skipped{Entries: []SkippedEntry{}}}
}

// readIndex reads an index piece by piece, else as a whole.
func readIndex(data []byte) (*indexReader, error) {
	reader := newIndexReader()
	if json.Valid(data) {
		return reader, reader.readJSON(data)
	}
	err := reader.readPieces(data)
	if err == nil {
		return reader, nil
	}
	if len(data) > wholeIndexBytes {
		return reader, fmt.Errorf("%w: %w", errTooLargeAsAWhole, err)
	}
	reader = newIndexReader()
	return reader, reader.readWhole(data)
}

var errTooLargeAsAWhole = errors.New("it is large, and not written as Helm writes indexes")

// shownReason is the reason for the caller; errors of parsers quote what they read.
func shownReason(err error) string {
	var known *problem.Problem
	switch {
	case errors.Is(err, errTooLargeAsAWhole):
		return errTooLargeAsAWhole.Error()
	case errors.As(err, &known):
		return known.Message
	}
	return "it is not an index.yaml"
}

// readWhole decodes all of it at once; an entry that does not match Helm's types is left out, the others are used.
func (r *indexReader) readWhole(data []byte) error {
	if err := checkAliases(data); err != nil {
		return err
	}
	// Helm's types first: a number where they have a text is then read as one.
	var typed repo.IndexFile
	if yaml.Unmarshal(data, &typed) == nil {
		r.apiVersion = typed.APIVersion
		for name, versions := range typed.Entries {
			r.add(name, versions)
		}
		return nil
	}
	var file struct {
		APIVersion string         `json:"apiVersion"`
		Entries    map[string]any `json:"entries"`
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		return err
	}
	r.apiVersion = file.APIVersion
	for name, versions := range file.Entries {
		list, isList := versions.([]any)
		if !isList && versions != nil {
			r.addOther(name)
		}
		for _, version := range list {
			text, err := json.Marshal(version)
			if err != nil {
				return err
			}
			r.addJSON(name, text)
		}
	}
	return nil
}

// validVersions are the entries that are versions of charts, in their order.
func validVersions(name string, entries repo.ChartVersions, skipped *Skipped) []IndexedVersion {
	versions := []IndexedVersion{}
	for _, entry := range entries {
		if entry == nil || entry.Metadata == nil {
			skipped.add(name, "", "it is empty")
			continue
		}
		if entry.APIVersion == "" {
			entry.APIVersion = helmchart.APIVersionV1
		}
		parsed, err := semver.NewVersion(entry.Version)
		if err != nil {
			skipped.add(name, entry.Version, "its version is not a semantic version")
			continue
		}
		if err := complaintOf(entry.Metadata); err != nil {
			skipped.add(name, entry.Version, err.Error())
			continue
		}
		created := ""
		if !entry.Created.IsZero() {
			created = entry.Created.UTC().Format(time.RFC3339)
		}
		if len(entry.Version) > maxVersionBytes || len(entry.Digest) > maxVersionBytes {
			skipped.add(name, entry.Version, fmt.Sprintf("its version or digest has more than %d characters", maxVersionBytes))
			continue
		}
		versions = append(versions, IndexedVersion{
			Version: entry.Version, AppVersion: excerpt.Of(entry.AppVersion, maxVersionBytes),
			Description: excerpt.Of(entry.Description, maxDescriptionBytes), Created: created, Digest: entry.Digest, Deprecated: entry.Deprecated,
			Icon: addressOr(entry.Icon), Keywords: excerpt.Of(strings.Join(entry.Keywords, " "), maxVersionBytes),
			KubeVersion: rangeOr(entry.KubeVersion), urls: entry.URLs, parsed: parsed,
		})
	}
	return versions
}

const (
	// maxVersionBytes bounds versions and digests, maxDescriptionBytes the description of a chart.
	maxVersionBytes     = 256
	maxDescriptionBytes = 1 << 10
	// maxIconBytes bounds the address of an icon; pictures inside of one are left out.
	maxIconBytes = 1 << 10
)

// addressOr is a web address that is not too long, else "".
func addressOr(text string) string {
	if len(text) > maxIconBytes || !strings.HasPrefix(text, "https://") && !strings.HasPrefix(text, "http://") {
		return ""
	}
	return text
}

// rangeOr is a range of versions that is not too long, else one that nothing is in.
func rangeOr(text string) string {
	if len(text) > maxVersionBytes {
		return "<0.0.0"
	}
	return text
}

// complaintOf is Helm's error about an entry; it ignores one of them: a repository manager strips aliases from indexes.
func complaintOf(metadata *helmchart.Metadata) error {
	err := metadata.Validate()
	if err != nil && strings.Contains(err.Error(), "more than one dependency with name or alias") {
		return nil
	}
	return err
}

func indexInvalid(shown, reason string) *problem.Problem {
	return problem.New(problem.RepositoryIndexInvalid,
		"the index of chart repository %s cannot be used: %s; check that this is the address of a chart repository", shown, reason)
}

// maxIndexNodes bounds the cost of parsing an index; the largest public ones have about a million.
const maxIndexNodes = 4_000_000

// aliasLike finds possible YAML aliases. Generated indexes have none, so the exact and costlier check is made for
// hand-written ones only.
var aliasLike = regexp.MustCompile(`(?m)(?:^|[\s\[,{:-])\*[^\s,\[\]{}*]+\s*(?:$|[,\]}])`)

// checkIndexShape refuses an index that would cost far more than its size, before it is parsed.
func checkIndexShape(data []byte, shown string) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return indexInvalid(shown, "it is empty")
	}
	nodes := 0
	for _, separator := range []string{"\n", ",", "[", "{"} {
		nodes += bytes.Count(data, []byte(separator))
	}
	if nodes > maxIndexNodes {
		return indexInvalid(shown, "it has too many entries")
	}
	return nil
}
