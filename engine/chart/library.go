// Package chart loads charts: it stores archives by their content, refuses dangerous or malformed ones, and describes
// what a chart contains. Charts are unpacked in memory only.
package chart

import (
	"context"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/fair"
)

// verifiedBytes is the memory for archives that need not be read and checked again, in bytes.
const verifiedBytes = 64 * mebibyte

// Archive is a chart archive that was checked.
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
	room     *room
}

// NewLibrary serves the charts of a store within the limits.
func NewLibrary(store *Store, limits Limits) *Library {
	return &Library{store: store, limits: limits, verified: newArchiveCache(verifiedBytes), room: newRoom()}
}

// AddBytes checks an archive and stores it; a refused archive is not stored. Errors: as Check, ENGINE_BUSY.
func (l *Library) AddBytes(ctx context.Context, caller fair.Caller, data []byte) (Archive, error) {
	hold, err := l.room.enter(ctx, caller, l.worstCost(int64(len(data))))
	if err != nil {
		return Archive{}, err
	}
	defer hold.Leave()
	loaded, cost, err := l.check(ctx, caller, data)
	if err != nil {
		return Archive{}, err
	}
	digest, err := l.store.Put(data)
	if err != nil {
		return Archive{}, err
	}
	l.verified.put(digest, data, cost)
	return archiveOf(digest, data, loaded), nil
}

// AddFolder packs a chart folder, as `helm package` does and .helmignore says, and adds the archive.
func (l *Library) AddFolder(ctx context.Context, caller fair.Caller, folder string) (Archive, error) {
	data, err := packFolder(folder, l.limits)
	if err != nil {
		return Archive{}, err
	}
	return l.AddBytes(ctx, caller, data)
}

// AddRecorded packs a chart from Helm's record and adds the archive. A record contains no subcharts.
func (l *Library) AddRecorded(ctx context.Context, caller fair.Caller, recorded *helmchart.Chart) (Archive, error) {
	data, err := packRecorded(recorded, l.limits)
	if err != nil {
		return Archive{}, err
	}
	return l.AddBytes(ctx, caller, data)
}

// Verify checks an archive that another process placed in the store. Errors: as Load.
func (l *Library) Verify(ctx context.Context, caller fair.Caller, digest string) (Archive, error) {
	loaded, data, err := l.load(ctx, caller, digest)
	if err != nil {
		return Archive{}, err
	}
	return archiveOf(digest, data, loaded), nil
}

// Load returns a new chart for one operation; never share it between two, because Helm changes it. Its memory counts
// against the caller's share until the context ends. Errors: as Check, and CHART_NOT_FOUND, CHART_DIGEST_MISMATCH,
// CHART_REFERENCE_INVALID, ENGINE_BUSY.
func (l *Library) Load(ctx context.Context, caller fair.Caller, digest string) (*helmchart.Chart, error) {
	loaded, _, err := l.load(ctx, caller, digest)
	return loaded, err
}

func (l *Library) load(ctx context.Context, caller fair.Caller, digest string) (*helmchart.Chart, []byte, error) {
	if known, found := l.verified.get(digest); found {
		// Other processes read the file, and unused files are removed.
		if err := l.store.Keep(digest, known.data); err != nil {
			return nil, nil, err
		}
		if _, err := l.room.enterUntilDone(ctx, caller, known.cost); err != nil {
			return nil, nil, err
		}
		var loaded *helmchart.Chart
		err := l.room.read(ctx, caller, func() error {
			files, err := readFiles(known.data, newBudget(l.limits), "chart "+digest)
			if err == nil {
				loaded, err = loadFiles(files)
			}
			return err
		})
		return loaded, known.data, err
	}
	size, err := l.store.Size(digest)
	if err != nil {
		return nil, nil, err
	}
	hold, err := l.room.enterUntilDone(ctx, caller, l.worstCost(size))
	if err != nil {
		return nil, nil, err
	}
	data, err := l.store.Open(digest, l.limits.ArchiveBytes)
	if err != nil {
		return nil, nil, err
	}
	loaded, cost, err := l.check(ctx, caller, data)
	if err != nil {
		hold.Leave()
		return nil, nil, err
	}
	hold.Shrink(cost)
	l.verified.put(digest, data, cost)
	return loaded, data, nil
}

// check is check in one of the places for reading.
func (l *Library) check(ctx context.Context, caller fair.Caller, data []byte) (loaded *helmchart.Chart, cost int64, err error) {
	err = l.room.read(ctx, caller, func() (err error) {
		loaded, cost, err = check(data, l.limits)
		return err
	})
	return loaded, cost, err
}

// maxCompression is the maximum compression factor of deflate.
const maxCompression = 1032

// worstCost is the maximum memory of an archive of this size.
func (l *Library) worstCost(size int64) int64 {
	unpacked := min(size, l.limits.ArchiveBytes) * maxCompression
	return size + min(unpacked, l.limits.DecompressedBytes)
}

func archiveOf(digest string, data []byte, loaded *helmchart.Chart) Archive {
	return Archive{Digest: digest, Bytes: len(data), Name: loaded.Metadata.Name, Version: loaded.Metadata.Version}
}
