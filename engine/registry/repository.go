package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

// repository is one chart repository during one operation.
type repository struct {
	fetcher *Fetcher
	base    *url.URL
	access  Access
	client  *http.Client
	source  Source
}

// Index returns a page of the charts of a repository. Only URL and Access of the source are used. Errors: as Fetch.
func (f *Fetcher) Index(ctx context.Context, caller fair.Caller, source Source, page Page) (Part, error) {
	if page.InMemory {
		index, _ := f.freshIndex(source, math.MaxInt64)
		return index.part(page), nil
	}
	index, fresh := f.freshIndex(source, time.Duration(page.FreshSec)*time.Second)
	if fresh {
		return index.part(page), nil
	}
	index, err := f.wholeIndex(ctx, caller, source, page.Index)
	if err != nil {
		return Part{}, evenly(ctx, err)
	}
	return index.part(page), nil
}

// freshIndex returns a cached index about which the repository was asked within this time.
func (f *Fetcher) freshIndex(source Source, within time.Duration) (cachedIndex, bool) {
	if within <= 0 || isImageAddress(source.URL) {
		return cachedIndex{}, false
	}
	opened, closeIt, err := f.openRepository(source)
	if err != nil {
		return cachedIndex{}, false
	}
	defer closeIt()
	cached, found := f.indexes.get(opened.indexKey())
	return cached, found && time.Since(cached.checked) < within
}

// wholeIndex returns an index; one that is cached by its digest is not requested again.
func (f *Fetcher) wholeIndex(ctx context.Context, caller fair.Caller, source Source, known string) (cachedIndex, error) {
	if isImageAddress(source.URL) {
		return cachedIndex{}, problem.New(problem.RepositoryIndexInvalid,
			"a registry has no list of its charts: install from it by the name of a chart")
	}
	opened, closeIt, err := f.openRepository(source)
	if err != nil {
		return cachedIndex{}, err
	}
	defer closeIt()
	if cached, found := f.indexes.get(opened.indexKey()); found && cached.name() == known {
		return cached, nil
	}
	return opened.sharedIndex(ctx, caller)
}

func (f *Fetcher) fetchFromRepository(ctx context.Context, caller fair.Caller, source Source, progress Progress) (Download, error) {
	opened, closeIt, err := f.openRepository(source)
	if err != nil {
		return Download{}, err
	}
	defer closeIt()
	// Without a place: the caller that downloads the index may be waiting for one.
	index, err := opened.sharedIndex(ctx, caller)
	if err != nil {
		return Download{}, err
	}
	version, err := selectVersion(index.parsed, source.Chart, source.Version)
	if err != nil {
		return Download{}, err
	}
	hold, err := enter(ctx, f.downloads, caller)
	if err != nil {
		return Download{}, err
	}
	defer hold.Leave()
	return opened.download(ctx, source.Chart, version, progress)
}

func (f *Fetcher) openRepository(source Source) (*repository, func(), error) {
	base, err := url.Parse(source.URL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, nil, problem.New(problem.ChartReferenceInvalid,
			"the address of the chart repository is not valid: it begins with http://, https:// or oci:// and names a host")
	}
	access := source.Access
	if base.User != nil && access.authorization() == "" {
		access.Username = base.User.Username()
		access.Password, _ = base.User.Password()
	}
	base.User = nil
	transport, err := newTransport(f.options.Addresses, access)
	if err != nil {
		return nil, nil, err
	}
	bound := boundCredentials{transport, originOf(base), access.authorization(), access.PassCredentialsAll}
	client := &http.Client{Transport: bound, CheckRedirect: followRedirects}
	return &repository{f, base, access, client, source}, transport.CloseIdleConnections, nil
}

// sharedIndex returns the index, downloaded and parsed once for all concurrent callers with the same access.
func (r *repository) sharedIndex(ctx context.Context, caller fair.Caller) (cachedIndex, error) {
	key := r.indexKey()
	return r.fetcher.flights.share(ctx, key, func(shared context.Context) (cachedIndex, error) {
		// The connections of the first caller end with its request; this one continues for the others.
		own, closeIt, err := r.fetcher.openRepository(r.source)
		if err != nil {
			return cachedIndex{}, err
		}
		defer closeIt()
		hold, err := enter(shared, r.fetcher.downloads, caller)
		if err != nil {
			return cachedIndex{}, err
		}
		defer hold.Leave()
		return own.index(shared, caller, key)
	})
}

func (r *repository) indexAddress() *url.URL { return r.resolve(&url.URL{Path: "index.yaml"}) }

func (r *repository) indexKey() indexKey { return keyOf(r.indexAddress().String(), r.access) }

func (r *repository) index(ctx context.Context, caller fair.Caller, key indexKey) (cachedIndex, error) {
	cached, known := r.fetcher.indexes.get(key)
	header := http.Header{}
	if cached.etag != "" {
		header.Set("If-None-Match", cached.etag)
	}
	if cached.lastModified != "" {
		header.Set("If-Modified-Since", cached.lastModified)
	}
	const cannot = " cannot be reached"
	got, err := r.get(ctx, r.indexAddress(), header, r.fetcher.options.IndexBytes, nil)
	if err != nil {
		return cachedIndex{}, r.failure(ctx, err, got.at, "chart repository "+display(r.base)+cannot)
	}
	if got.status == http.StatusNotModified && known {
		cached.checked = time.Now()
		r.fetcher.indexes.put(key, cached)
		return cached, nil
	}
	if got.status != http.StatusOK {
		return cachedIndex{}, r.failure(ctx, r.refusal(got.status, "index.yaml"), got.at, "chart repository "+display(r.base)+cannot)
	}
	// A server without conditional requests sends the same again.
	digest := sha256.Sum256(got.body)
	parsed := cached.parsed
	if !known || cached.digest != digest {
		if parsed, err = r.fetcher.options.ParseIndex(ctx, caller, got.body, display(r.base)); err != nil {
			return cachedIndex{}, r.failure(ctx, err, got.at, "chart repository "+display(r.base)+cannot)
		}
	}
	index := cachedIndex{got.header.Get("ETag"), got.header.Get("Last-Modified"), digest, parsed, parsed.size(), time.Now()}
	r.fetcher.indexes.put(key, index)
	return index, nil
}

func (r *repository) download(ctx context.Context, name string, version IndexedVersion, progress Progress) (Download, error) {
	subject := "chart " + name + "-" + version.Version
	if len(version.urls) == 0 {
		return Download{}, indexInvalid(display(r.base), subject+" has no downloadable URLs")
	}
	parsed, err := url.Parse(version.urls[0])
	if err != nil {
		return Download{}, indexInvalid(display(r.base), subject+" has an address that cannot be understood").Because(err)
	}
	if isImageAddress(version.urls[0]) {
		// Another host than the repository's: its credentials are not sent.
		return r.fetcher.fetchImage(ctx, version.urls[0], version.Version, Access{CAPEM: r.access.CAPEM}, progress)
	}
	address := r.resolve(parsed)
	if address.Scheme != "https" && address.Scheme != r.base.Scheme {
		return Download{}, problem.New(problem.AddressRefused,
			"%s is at %s, which is less protected than its repository %s", subject, display(address), display(r.base))
	}
	key := downloadKey(r.indexKey(), address.String(), version.Digest)
	if stored := r.storedBefore(key, version.Digest); stored != nil {
		return Download{Archive: stored, Reference: display(address), Created: version.Created}, nil
	}
	sentence := subject + " cannot be downloaded from " + display(address)
	got, err := r.get(ctx, address, http.Header{}, r.fetcher.options.ChartBytes, progress)
	switch {
	case err != nil:
	case got.status != http.StatusOK:
		err = r.refusal(got.status, subject)
	case got.at.to != originOf(r.base) && !isArchive(got.body):
		err = errNoArchive
	default:
		err = checkDigest(subject, version.Digest, got.body)
	}
	if err != nil {
		return Download{}, r.failure(ctx, err, got.at, sentence)
	}
	r.fetcher.before.add(key)
	return Download{Archive: got.body, Reference: display(address), Created: version.Created}, nil
}

// storedBefore is the archive with this digest of the index if it was downloaded from there before and is still stored.
func (r *repository) storedBefore(key indexKey, digest string) []byte {
	if r.fetcher.options.Stored == nil || digest == "" || !r.fetcher.before.has(key) {
		return nil
	}
	return r.fetcher.options.Stored("sha256:" + strings.ToLower(strings.TrimPrefix(digest, "sha256:")))
}

func (r *repository) get(ctx context.Context, address *url.URL, header http.Header, limit int64, progress Progress) (answer, error) {
	return r.fetcher.get(ctx, r.client, originOf(r.base), address, header, limit, progress)
}

// failure describes a failure at the repository itself; its index or a redirect may lead to any address.
func (r *repository) failure(ctx context.Context, err error, at hop, sentence string) error {
	if at.to != originOf(r.base) {
		return r.fetcher.unreachable(ctx, err, at, problem.RepositoryUnreachable, sentence)
	}
	return failure(ctx, err, problem.RepositoryUnreachable, sentence)
}

// resolve resolves an address in the index: an absolute one as it is, a relative one below the repository's, with the
// repository's query like Helm (some contain a token).
func (r *repository) resolve(reference *url.URL) *url.URL {
	if reference.IsAbs() {
		resolved := *reference
		resolved.User = nil
		return &resolved
	}
	folder := *r.base
	folder.Path = strings.TrimSuffix(folder.Path, "/") + "/"
	folder.RawPath = ""
	resolved := folder.ResolveReference(reference)
	resolved.RawQuery = r.base.RawQuery
	return resolved
}

func (r *repository) refusal(status int, what string) error {
	shown := display(r.base)
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return problem.New(problem.RepositoryUnauthorized,
			"chart repository %s refuses %s (status %d): check the credentials of the repository", shown, what, status)
	case http.StatusNotFound, http.StatusGone:
		if what != "index.yaml" {
			return problem.New(problem.ChartNotFound, "%s is not found: chart repository %s lists it but does not have it", what, shown)
		}
		return problem.New(problem.RepositoryIndexInvalid, "chart repository %s has no index.yaml (status %d): check its address", shown, status)
	}
	return problem.New(problem.RepositoryUnreachable, "chart repository %s answered with status %d for %s: try again later", shown, status, what).
		With("status", status)
}

// checkDigest compares an archive with its hash in the index, if there is one.
func checkDigest(subject, wanted string, data []byte) error {
	if wanted == "" {
		return nil
	}
	sum := sha256.Sum256(data)
	if found := hex.EncodeToString(sum[:]); !strings.EqualFold(strings.TrimPrefix(wanted, "sha256:"), found) {
		return problem.New(problem.ChartDigestMismatch,
			"%s has the digest sha256:%s, its repository's index says %s: the archive was replaced or damaged", subject, found, wanted)
	}
	return nil
}
