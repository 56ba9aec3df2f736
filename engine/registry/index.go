package registry

import (
	"encoding/json"
	"fmt"
	"maps"
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

	urls   []string
	parsed *semver.Version
}

// Index is the content of a repository.
type Index struct {
	// Charts are sorted by name.
	Charts  []IndexedChart `json:"charts"`
	Skipped Skipped        `json:"skipped"`
}

// parseIndex parses index.yaml like Helm: invalid entries are left out, the rest counts. Unlike Helm it ignores unknown
// fields.
func parseIndex(data []byte, shown string) (Index, error) {
	index := Index{Charts: []IndexedChart{}, Skipped: Skipped{Entries: []SkippedEntry{}}}
	if err := checkIndexShape(data, shown); err != nil {
		return index, err
	}
	var file repo.IndexFile
	decode := func() error { return yaml.Unmarshal(data, &file) }
	if json.Valid(data) {
		decode = func() error { return json.Unmarshal(data, &file) }
	}
	if err := decode(); err != nil {
		rest, failure := entryByEntry(data, &index.Skipped)
		if file = rest; failure != nil || len(file.Entries) == 0 {
			return index, indexInvalid(shown, "it is not an index.yaml").Because(err)
		}
	}
	if file.APIVersion == "" {
		return index, indexInvalid(shown, "it has no apiVersion")
	}
	for _, name := range slices.Sorted(maps.Keys(file.Entries)) {
		if versions := validVersions(name, file.Entries[name], &index.Skipped); len(versions) > 0 {
			index.Charts = append(index.Charts, IndexedChart{Name: name, Versions: versions})
		}
	}
	return index, nil
}

// entryByEntry parses an index with an entry that does not match Helm's types: that one is left out, the others are
// used.
func entryByEntry(data []byte, skipped *Skipped) (repo.IndexFile, error) {
	var loose struct {
		APIVersion string         `json:"apiVersion"`
		Entries    map[string]any `json:"entries"`
	}
	if err := yaml.Unmarshal(data, &loose); err != nil {
		return repo.IndexFile{}, err
	}
	file := repo.IndexFile{APIVersion: loose.APIVersion, Entries: map[string]repo.ChartVersions{}}
	for name, versions := range loose.Entries {
		list, isList := versions.([]any)
		if !isList && versions != nil {
			skipped.add(name, "", "it is no list of versions")
		}
		for _, version := range list {
			text, err := json.Marshal(version)
			if err != nil {
				return repo.IndexFile{}, err
			}
			var entry repo.ChartVersion
			if err := json.Unmarshal(text, &entry); err != nil {
				skipped.add(name, versionOf(text), err.Error())
				continue
			}
			file.Entries[name] = append(file.Entries[name], &entry)
		}
	}
	return file, nil
}

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
			skipped.add(name, entry.Version, "its version is no semantic version")
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
			Description: excerpt.Of(entry.Description, maxDescriptionBytes), Created: created, Digest: entry.Digest, Deprecated: entry.Deprecated, urls: entry.URLs, parsed: parsed,
		})
	}
	slices.SortStableFunc(versions, func(a, b IndexedVersion) int { return b.parsed.Compare(a.parsed) })
	return versions
}

const (
	// maxVersionBytes bounds versions and digests, maxDescriptionBytes the description of a chart.
	maxVersionBytes     = 256
	maxDescriptionBytes = 4 << 10
)

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
