package registry

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

func TestDownloadsAreBounded(t *testing.T) {
	server := newFakeRepository(t, indexOf("1.0.0 web-1.0.0.tgz"))
	server.files["/web-1.0.0.tgz"] = strings.Repeat("x", 1001)
	for _, options := range []Options{{ChartBytes: 1000}, {IndexBytes: 10}} {
		_, err := NewFetcher(options).Fetch(context.Background(), fair.Caller{}, Source{Kind: "repository", URL: server.URL, Chart: "web"}, nil)
		wantCode(t, err, problem.DownloadTooLarge)
	}
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	}))
	defer endless.Close()
	_, err := NewFetcher(Options{IndexBytes: 1 << 20}).wholeIndex(context.Background(), fair.Caller{}, Source{URL: endless.URL}, "")
	wantCode(t, err, problem.DownloadTooLarge)
}

func TestProgressIsReported(t *testing.T) {
	server := newFakeRepository(t, indexOf("1.0.0 web-1.0.0.tgz"))
	var done, total int64
	_, err := NewFetcher(Options{}).Fetch(context.Background(), fair.Caller{}, Source{Kind: "repository", URL: server.URL, Chart: "web"}, func(d, t int64) { done, total = d, t })
	if err != nil || done != 7 || total != 7 {
		t.Fatalf("got %d of %d, %v", done, total, err)
	}
}

// silent sends a beginning and then nothing until the client disconnects.
func silent(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "apiVersion: v1\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	return server
}

func TestSilenceEndsADownload(t *testing.T) {
	_, err := NewFetcher(Options{pace: pace{window: 20 * time.Millisecond, bytes: 1 << 10, whole: time.Minute}}).wholeIndex(context.Background(), fair.Caller{}, Source{URL: silent(t).URL}, "")
	wantCode(t, err, problem.RepositoryUnreachable)
	if !strings.Contains(err.Error(), errStalled.Error()) {
		t.Errorf("got %q", err)
	}
}

// TestDripsEndADownload has servers that send a byte now and then, as long as anybody listens.
func TestDripsEndADownload(t *testing.T) {
	drips := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
		w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
		w.Header().Set("Content-Length", "100000")
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, " ")
			_ = http.NewResponseController(w).Flush()
			<-tick.C
		}
	}))
	defer drips.Close()
	fetcher := NewFetcher(Options{pace: pace{window: 50 * time.Millisecond, bytes: 1 << 10, whole: time.Minute}})
	for name, source := range map[string]Source{
		"a manifest": {Kind: "oci", Reference: "oci+http://" + strings.TrimPrefix(drips.URL, "http://") + "/a/b:1.0.0"},
		"an index":   {Kind: "repository", URL: drips.URL, Chart: "web"},
	} {
		if _, err := fetcher.Fetch(t.Context(), fair.Caller{}, source, nil); !errors.Is(err, errStalled) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	whole := NewFetcher(Options{pace: pace{window: 20 * time.Millisecond, bytes: 1, whole: 100 * time.Millisecond}})
	if _, err := whole.wholeIndex(t.Context(), fair.Caller{}, Source{URL: drips.URL}, ""); !errors.Is(err, errStalled) {
		t.Errorf("a steady drip: got %v", err)
	}
}

// TestAddressesOfCallersTakeNoPlacesOfRepositories fills all places for charts that callers name.
func TestAddressesOfCallersTakeNoPlacesOfRepositories(t *testing.T) {
	quiet := silent(t)
	server := newFakeRepository(t, indexOf("1.0.0 web-1.0.0.tgz"))
	fetcher := NewFetcher(Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for user := range 10 {
		go func() {
			_, _ = fetcher.Fetch(ctx, fair.Caller{User: string(rune('a' + user))}, Source{
				Kind: "oci", Reference: "oci+http://" + strings.TrimPrefix(quiet.URL, "http://") + "/a/b:1.0.0",
			}, nil)
		}()
	}
	if _, err := fetcher.Fetch(t.Context(), fair.Caller{User: "alice"}, Source{Kind: "repository", URL: server.URL, Chart: "web"}, nil); err != nil {
		t.Error(err)
	}
}

func TestTheCallerCanGiveUp(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err := NewFetcher(Options{}).wholeIndex(ctx, fair.Caller{}, Source{URL: silent(t).URL}, "")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	cancelled, stop := context.WithCancel(context.Background())
	stop()
	_, err = NewFetcher(Options{}).Fetch(cancelled, fair.Caller{}, Source{Kind: "oci", Reference: "127.0.0.1:1/a/b:1"}, nil)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

func TestSchemaDocuments(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a.json":
			_, _ = io.WriteString(w, `{"type":"object"}`)
		case "/inner":
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	fetcher := NewFetcher(Options{})
	if text, err := fetcher.FetchSchema(context.Background(), server.URL+"/a.json"); err != nil || string(text) != `{"type":"object"}` {
		t.Fatalf("got %q, %v", text, err)
	}
	_, err := fetcher.FetchSchema(context.Background(), server.URL+"/inner")
	wantCode(t, err, problem.AddressRefused)
	for _, address := range []string{server.URL + "/b.json", "file:///etc/passwd", "http://[", "http://127.0.0.1:1/"} {
		_, err = fetcher.FetchSchema(context.Background(), address)
		wantCode(t, err, problem.ChartSchemaInvalid)
	}
}
