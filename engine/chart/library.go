// Package chart loads charts: it keeps archives by their content, refuses what is dangerous or malformed, and
// tells what a chart contains. Charts are unpacked in memory only.
package chart

import helmchart "helm.sh/helm/v4/pkg/chart/v2"

// verifiedBytes is the room for archives that need not be read and checked again, in bytes.
const verifiedBytes = 64 * mebibyte

// Archive names a chart archive that was checked.
type Archive struct {
	// Digest is "sha256:" and the content's hash in hexadecimal.
	Digest string `json:"digest"`
	// Bytes is the compressed size.
	Bytes   int    `json:"bytes"`
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Library loads charts by digest from a store. It is safe for concurrent use.
type Library struct {
	store    *Store
	limits   Limits
	verified *archiveCache
}

// NewLibrary serves the charts of a store within the limits.
func NewLibrary(store *Store, limits Limits) *Library {
	return &Library{store: store, limits: limits, verified: newArchiveCache(verifiedBytes)}
}

// AddBytes checks an archive and keeps it in the store; a refused archive is not kept. Errors: as Check.
func (l *Library) AddBytes(data []byte) (Archive, error) {
	loaded, err := Check(data, l.limits)
	if err != nil {
		return Archive{}, err
	}
	digest, err := l.store.Put(data)
	if err != nil {
		return Archive{}, err
	}
	l.verified.put(digest, data)
	return archiveOf(digest, data, loaded), nil
}

// AddFolder packs a chart folder, as `helm package` does and .helmignore says, and adds the archive.
func (l *Library) AddFolder(folder string) (Archive, error) {
	data, err := packFolder(folder, l.limits)
	if err != nil {
		return Archive{}, err
	}
	return l.AddBytes(data)
}

// AddRecorded packs a chart out of Helm's record and adds the archive. Subcharts are not in a record.
func (l *Library) AddRecorded(recorded *helmchart.Chart) (Archive, error) {
	data, err := packRecorded(recorded, l.limits)
	if err != nil {
		return Archive{}, err
	}
	return l.AddBytes(data)
}

// Verify checks an archive that someone else placed in the store. Errors: as Load.
func (l *Library) Verify(digest string) (Archive, error) {
	loaded, data, err := l.load(digest)
	if err != nil {
		return Archive{}, err
	}
	return archiveOf(digest, data, loaded), nil
}

// Load gives a fresh chart for one operation; never share it between two, Helm changes it. Errors: as Check, and
// CHART_NOT_FOUND, CHART_DIGEST_MISMATCH, CHART_REFERENCE_INVALID.
func (l *Library) Load(digest string) (*helmchart.Chart, error) {
	loaded, _, err := l.load(digest)
	return loaded, err
}

func (l *Library) load(digest string) (*helmchart.Chart, []byte, error) {
	if data, found := l.verified.get(digest); found {
		files, err := readFiles(data, newBudget(l.limits), "chart "+digest)
		if err != nil {
			return nil, nil, err
		}
		loaded, err := loadFiles(files)
		return loaded, data, err
	}
	data, err := l.store.Open(digest, l.limits.ArchiveBytes)
	if err != nil {
		return nil, nil, err
	}
	loaded, err := Check(data, l.limits)
	if err != nil {
		return nil, nil, err
	}
	l.verified.put(digest, data)
	return loaded, data, nil
}

func archiveOf(digest string, data []byte, loaded *helmchart.Chart) Archive {
	return Archive{Digest: digest, Bytes: len(data), Name: loaded.Metadata.Name, Version: loaded.Metadata.Version}
}
