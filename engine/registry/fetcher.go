// Package registry downloads charts from chart repositories and OCI registries. Addresses are judged when connecting,
// credentials are sent only to their host, and every download has a limit in bytes and has to keep a pace.
package registry

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

// Options are the limits of a fetcher. Zero values mean the defaults named here.
type Options struct {
	Addresses AddressPolicy
	// ChartBytes bounds one chart archive; 20 MiB.
	ChartBytes int64
	// IndexBytes bounds any other download, mainly repository indexes; 100 MiB.
	IndexBytes int64
	// pace is how fast downloads have to arrive; slowestPace.
	pace pace
	// Evenly is the uniform delay of failures at addresses named by callers, whatever the reason; 0 for none.
	Evenly time.Duration
	// UserAgent identifies this client to servers.
	UserAgent string
	// Log receives the reasons that callers do not get; nil for none.
	Log *slog.Logger
	// Stored returns an archive that was downloaded before, by "sha256:" and its digest; nil if it is gone. Nil for none.
	Stored func(digest string) []byte
	// ParseIndex parses an index for a caller; nil parses it in this process.
	ParseIndex func(ctx context.Context, caller fair.Caller, data []byte, shown string) (Index, error)
}

// Fetcher downloads charts and indexes. It is safe for concurrent use and caches parsed indexes.
type Fetcher struct {
	options Options
	indexes *indexCache
	flights *flights
	before  *fetchedBefore
	// downloads are the places for downloads from configured repositories, named those for charts whose address a caller
	// named. Each download is held in memory.
	downloads, named *fair.Gate
}

// NewFetcher creates a fetcher.
func NewFetcher(options Options) *Fetcher {
	if options.ChartBytes == 0 {
		options.ChartBytes = 20 << 20
	}
	if options.IndexBytes == 0 {
		options.IndexBytes = 100 << 20
	}
	if options.pace == (pace{}) {
		options.pace = slowestPace
	}
	if options.UserAgent == "" {
		options.UserAgent = "walm-engine"
	}
	if options.ParseIndex == nil {
		options.ParseIndex = func(_ context.Context, _ fair.Caller, data []byte, shown string) (Index, error) {
			return parseIndex(data, shown)
		}
	}
	return &Fetcher{options: options, indexes: newIndexCache(), flights: newFlights(), before: newFetchedBefore(), downloads: newGate(), named: newGate()}
}

func newGate() *fair.Gate {
	return fair.NewGate(fair.Settings{Capacity: parallelDownloads, Share: callersDownloads, Patience: patience, Waiting: waitingDownloads})
}

const (
	// parallelDownloads is the maximum number of concurrent downloads of either kind, callersDownloads that of one user.
	parallelDownloads = 5
	callersDownloads  = 2
	// patience is the maximum wait for a place, waitingDownloads the maximum number of waiting downloads of one user.
	patience         = 30 * time.Second
	waitingDownloads = 100
	// retryAfterSec is when to try again.
	retryAfterSec = 10
	// parseTime bounds parsing one index.
	parseTime = 60 * time.Second
	// downloadTime bounds one download.
	downloadTime = 5 * time.Minute
)

// enter waits for a place for downloads. Errors: ENGINE_BUSY, the context's.
func enter(ctx context.Context, gate *fair.Gate, caller fair.Caller) (*fair.Hold, error) {
	hold, err := gate.Enter(ctx, caller, 1)
	if errors.Is(err, fair.ErrBusy) {
		return nil, problem.New(problem.EngineBusy, "the download waited longer than %d s for other downloads to finish: try again later",
			int(patience/time.Second)).With("retryAfterSec", retryAfterSec).Because(err)
	}
	return hold, err
}

// Source says where a chart is.
type Source struct {
	// Kind is "repository" (URL, Chart, Version) or "oci" (Reference, and Version if it has no tag).
	Kind string `json:"kind"`
	// URL is the address of a chart repository, http(s)://…, or of a folder of charts in a registry, oci://….
	URL   string `json:"url,omitempty"`
	Chart string `json:"chart,omitempty"`
	// Version is an exact version, a range in Helm's syntax, or "" for the newest stable one.
	Version string `json:"version,omitempty"`
	// Reference is registry/repository[:tag][@digest], with or without oci:// (oci+http:// for plain http).
	Reference string `json:"reference,omitempty"`
	Access
}

// Download is a chart archive as it arrived; its content is not checked yet.
type Download struct {
	Archive []byte
	// Reference is its exact source, without credentials: the chart can be fetched again by it.
	Reference string
	// Created is when it was made as the repository or registry says, RFC 3339; "" if it does not.
	Created string
}

// Fetch downloads a chart. progress may be nil. Errors: CHART_NOT_FOUND, CHART_VERSION_NOT_FOUND,
// CHART_DIGEST_MISMATCH, CHART_REFERENCE_INVALID, REPOSITORY_UNREACHABLE, REPOSITORY_UNAUTHORIZED,
// REPOSITORY_INDEX_INVALID, REGISTRY_UNREACHABLE, REGISTRY_UNAUTHORIZED, ADDRESS_REFUSED, DOWNLOAD_TOO_LARGE; the
// context's error if it ended.
func (f *Fetcher) Fetch(ctx context.Context, caller fair.Caller, source Source, progress Progress) (Download, error) {
	download, err := f.fetch(ctx, caller, source, progress)
	return download, evenly(ctx, err)
}

func (f *Fetcher) fetch(ctx context.Context, caller fair.Caller, source Source, progress Progress) (Download, error) {
	switch source.Kind {
	case "oci":
		return f.fetchImageFor(ctx, f.named, caller, source.Reference, source.Version, source.Access, progress)
	case "repository":
		if isImageAddress(source.URL) {
			return f.fetchImageFor(ctx, f.downloads, caller, joinImage(source.URL, source.Chart), source.Version, source.Access, progress)
		}
		return f.fetchFromRepository(ctx, caller, source, progress)
	}
	return Download{}, problem.New(problem.ChartReferenceInvalid, "the chart source kind %q is unknown: use repository or oci", source.Kind)
}

// fetchImageFor downloads from a registry in one of the places.
func (f *Fetcher) fetchImageFor(
	ctx context.Context, gate *fair.Gate, caller fair.Caller, reference, version string, access Access, progress Progress,
) (Download, error) {
	hold, err := enter(ctx, gate, caller)
	if err != nil {
		return Download{}, err
	}
	defer hold.Leave()
	return f.fetchImage(ctx, reference, version, access, progress)
}
