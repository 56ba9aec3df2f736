package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

func fetch(source Source) (Download, error) {
	source.Kind = "repository"
	return NewFetcher(Options{}).Fetch(context.Background(), fair.Caller{}, source, nil)
}

func TestFetchFromARepository(t *testing.T) {
	server := newFakeRepository(t, "")
	server.files["/charts/files/web-1.2.0.tgz"] = "below"
	server.index = indexOf("1.0.0 web-1.0.0.tgz", "1.1.0 "+server.URL+"/web-1.1.0.tgz sha256:"+sha256Hex("web two"),
		"1.2.0 files/web-1.2.0.tgz "+strings.ToUpper(sha256Hex("below")), "2.0.0-rc.1 rc.tgz")
	for _, test := range []struct{ path, version, want, reference string }{
		{"/charts/", "", "below", "/charts/files/web-1.2.0.tgz"},
		{"/charts", "1.2.0", "below", "/charts/files/web-1.2.0.tgz"},
		{"", "1.1.0", "web two", "/web-1.1.0.tgz"},
		{"", "~1.0", "web one", "/web-1.0.0.tgz"},
		{"/", "<1.1.0", "web one", "/web-1.0.0.tgz"},
		{"", "v1.0.0", "web one", "/web-1.0.0.tgz"},
	} {
		got, err := fetch(Source{URL: server.URL + test.path, Chart: "web", Version: test.version})
		if err != nil || string(got.Archive) != test.want || got.Reference != server.URL+test.reference {
			t.Errorf("%+v: got %q %s, %v", test, got.Archive, got.Reference, err)
		}
	}
}

func TestWhatARepositoryDoesNotHave(t *testing.T) {
	server := newFakeRepository(t, indexOf("1.0.0 absent.tgz", "0.9.0 web-1.0.0.tgz abc", "0.8.0 web-1.0.0.tgz"))
	for _, test := range []struct {
		chart, version string
		code           problem.Code
		text           string
	}{
		{"nope", "", problem.ChartNotFound, "chart nope- is not found: no chart name found"},
		{"web", "9.9.9", problem.ChartVersionNotFound, "chart web-9.9.9 is not found: no chart version found for web-9.9.9"},
		{"web", "not a version", problem.ChartVersionNotFound, ""},
		{"web", "1.0.0", problem.ChartNotFound, "chart web-1.0.0 is not found"},
		{"web", "0.9.0", problem.ChartDigestMismatch, "chart web-0.9.0 has the digest"},
	} {
		_, err := fetch(Source{URL: server.URL, Chart: test.chart, Version: test.version})
		wantCode(t, err, test.code)
		if !strings.HasPrefix(err.Error(), test.text) {
			t.Errorf("got %q", err)
		}
	}
}

func TestQueriesOfTheRepositoryAreKept(t *testing.T) {
	server := newFakeRepository(t, indexOf("1.0.0 web-1.0.0.tgz?x=1"))
	got, err := fetch(Source{URL: server.URL + "/?token=s3cret", Chart: "web"})
	if err != nil || strings.Contains(got.Reference, "s3cret") {
		t.Fatalf("got %+v, %v", got, err)
	}
	if asked := server.asked(); !slices.Equal(asked, []string{"/index.yaml?token=s3cret", "/web-1.0.0.tgz?token=s3cret"}) {
		t.Fatalf("asked %v", asked)
	}
}

func TestIndexIsRevalidated(t *testing.T) {
	server := newFakeRepository(t, indexOf("1.0.0 web-1.0.0.tgz"))
	fetcher := NewFetcher(Options{})
	list := func(access Access) string {
		whole, err := fetcher.wholeIndex(context.Background(), fair.Caller{}, Source{URL: server.URL, Access: access}, "")
		charts := whole.parsed.Charts
		if err != nil {
			t.Fatal(err)
		}
		return charts[0].Versions[0].Version
	}
	for range 2 {
		if got := list(Access{}); got != "1.0.0" {
			t.Fatalf("got %s", got)
		}
	}
	if header := server.requests[1].Header.Get("If-None-Match"); header == "" {
		t.Error("asked without a condition")
	}
	server.index = indexOf("1.1.0 web-1.1.0.tgz")
	if list(Access{}) != "1.1.0" {
		t.Error("a changed index is not noticed")
	}
	server.asked()
	list(Access{Username: "other", Password: "person"})
	if header := server.requests[0].Header.Get("If-None-Match"); header != "" {
		t.Error("another person's index was reused")
	}
}

func TestBrokenIndexes(t *testing.T) {
	laughs := "apiVersion: v1\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 12; i++ {
		laughs += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	for name, index := range map[string]string{
		"empty": "", "spaces": " \n", "html": "<html><body>It works!</body></html>", "a list": "- a", "no apiVersion": "entries: {}",
		"entries is text": "apiVersion: v1\nentries: x", "a version is text": "apiVersion: v1\nentries: {web: x}", "cut json": `{"apiVersion":"v1",`,
		"too many": "apiVersion: v1\nx: [" + strings.Repeat(",", maxIndexNodes), "laughs": laughs, "binary": "\x00\x01\x02", "deep": strings.Repeat("[", 20000),
	} {
		server := newFakeRepository(t, index)
		_, err := fetch(Source{URL: server.URL, Chart: "web"})
		if !problem.HasCode(err, problem.RepositoryIndexInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIndexLeavesOutInvalidEntries(t *testing.T) {
	server := newFakeRepository(t, `apiVersion: v1
unknownField: is fine
entries:
  web:
  - null
  - {name: web, version: not-a-version, urls: [a]}
  - {name: ../web, version: 3.0.0, urls: [a]}
  - {name: web, version: 3.0.0, type: unknown, urls: [a]}
  - {version: 1.0.0}
  - {name: web, version: 1.0.0, appVersion: "7", description: old, created: "2020-01-02T03:04:05+01:00", deprecated: true, urls: [web-1.0.0.tgz], extra: 1}
  - {name: web, version: 1.10.0, dependencies: [{name: a}, {name: a}], urls: [web-1.1.0.tgz]}
  - {name: web, version: 1.9.0}
  empty: []
  invalid: [null]
  another: [{name: another, version: 1.0.0}]
`)
	whole, err := NewFetcher(Options{}).wholeIndex(context.Background(), fair.Caller{}, Source{URL: server.URL}, "")
	charts := whole.parsed.Charts
	if err != nil || len(charts) != 2 || charts[0].Name != "another" {
		t.Fatalf("got %+v, %v", charts, err)
	}
	versions := []string{}
	for _, version := range charts[1].Versions {
		versions = append(versions, version.Version)
	}
	if !slices.Equal(versions, []string{"1.10.0", "1.9.0", "1.0.0"}) {
		t.Errorf("got %v", versions)
	}
	reasons := []string{}
	for _, entry := range whole.parsed.Skipped.Entries {
		reasons = append(reasons, entry.title()+": "+entry.Reason)
	}
	slices.Sort(reasons)
	if whole.parsed.Skipped.Count != 6 || len(reasons) != 6 || !slices.Contains(reasons, "web not-a-version: its version is not a semantic version") || !slices.Contains(reasons, "invalid: it is empty") {
		t.Errorf("skipped %q", reasons)
	}
	_, err = fetch(Source{URL: server.URL, Chart: "web", Version: "not-a-version"})
	if !problem.HasCode(err, problem.ChartVersionNotFound) || !strings.Contains(err.Error(), "is left out: its version is not a semantic version") {
		t.Errorf("asked for what is left out: %v", err)
	}
	if old := charts[1].Versions[2]; old.AppVersion != "7" || old.Description != "old" || old.Created != "2020-01-02T02:04:05Z" || !old.Deprecated {
		t.Errorf("got %+v", old)
	}
	_, err = fetch(Source{URL: server.URL, Chart: "web", Version: "1.9.0"})
	wantCode(t, err, problem.RepositoryIndexInvalid)
}

func TestAnEntryOfOtherTypesDoesNotTakeTheOthersWithIt(t *testing.T) {
	good := "  web: [{name: web, version: 1.0.0, urls: [web-1.0.0.tgz]}]\n"
	for what, odd := range map[string]string{
		"a text for a list":     "  odd: [{name: odd, version: 1.0.0, keywords: [{a: b}]}, {name: odd, version: 2.0.0, maintainers: nobody}]\n",
		"a list for a text":     "  odd: [{name: [odd], version: 1.0.0}]\n",
		"no list of versions":   "  odd: {name: odd}\n",
		"a time that is none":   "  odd: [{name: odd, version: 1.0.0, created: yesterday}]\n",
		"a number for an entry": "  odd: [7, 1.0]\n",
		"a text for urls":       "  odd: [{name: odd, version: 1.0.0, urls: a.tgz}]\n",
	} {
		server := newFakeRepository(t, "apiVersion: v1\nentries:\n"+odd+good)
		if got, err := fetch(Source{URL: server.URL, Chart: "web"}); err != nil || string(got.Archive) != "web one" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestIndexMayBeJSON(t *testing.T) {
	server := newFakeRepository(t, `{"apiVersion":"v1","entries":{"web":[{"name":"web","version":"1.0.0","urls":["web-1.0.0.tgz"]}]}}`)
	if got, err := fetch(Source{URL: server.URL, Chart: "web"}); err != nil || string(got.Archive) != "web one" {
		t.Fatalf("got %q, %v", got.Archive, err)
	}
}

func TestWhatARepositoryAnswers(t *testing.T) {
	for status, code := range map[int]problem.Code{
		401: problem.RepositoryUnauthorized, 403: problem.RepositoryUnauthorized, 404: problem.RepositoryIndexInvalid, 503: problem.RepositoryUnreachable,
		304: problem.RepositoryUnreachable, 204: problem.RepositoryUnreachable,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		_, err := fetch(Source{URL: server.URL, Chart: "web"})
		server.Close()
		if !problem.HasCode(err, code) {
			t.Errorf("%d: %v", status, err)
		}
	}
	for _, address := range []string{"", "charts.example.com", "ftp://x/y", "file:///etc", "http://", "http://[::1", "//x/y"} {
		_, err := fetch(Source{URL: address, Chart: "web"})
		if !problem.HasCode(err, problem.ChartReferenceInvalid) {
			t.Errorf("%q: %v", address, err)
		}
	}
	_, err := NewFetcher(Options{}).wholeIndex(context.Background(), fair.Caller{}, Source{URL: "oci://127.0.0.1:1/charts"}, "")
	wantCode(t, err, problem.RepositoryIndexInvalid)
	_, err = NewFetcher(Options{}).Fetch(context.Background(), fair.Caller{}, Source{Kind: "floppy"}, nil)
	wantCode(t, err, problem.ChartReferenceInvalid)
}

func TestCertificatesAreChecked(t *testing.T) {
	server := httptest.NewTLSServer(newFakeRepository(t, indexOf("1.0.0 web-1.0.0.tgz")))
	defer server.Close()
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))

	_, err := fetch(Source{URL: server.URL, Chart: "web"})
	wantCode(t, err, problem.RepositoryUnreachable)
	if !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %q", err)
	}
	for _, access := range []Access{{CAPEM: authority}, {InsecureSkipTLSVerify: true}} {
		if _, err := fetch(Source{URL: server.URL, Chart: "web", Access: access}); err != nil {
			t.Error(err)
		}
	}
	_, err = fetch(Source{URL: server.URL, Chart: "web", Access: Access{CAPEM: "not pem"}})
	wantCode(t, err, problem.ChartReferenceInvalid)
}

func TestAnArchiveIsDownloadedAgainOnlyIfItMayBeAnother(t *testing.T) {
	archive := []byte("web one")
	sum := sha256.Sum256(archive)
	digest := hex.EncodeToString(sum[:])
	index := func(digest string) string {
		return fmt.Sprintf(`{"apiVersion":"v1","entries":{"web":[{"name":"web","version":"1.0.0","digest":%q,"urls":["web-1.0.0.tgz"]}]}}`, digest)
	}
	var downloads atomic.Int32
	shown := index(digest)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if strings.HasSuffix(request.URL.Path, ".yaml") {
			_, _ = w.Write([]byte(shown))
			return
		}
		downloads.Add(1)
		_, _ = w.Write(archive)
	}))
	defer server.Close()
	stored := archive
	fetcher := NewFetcher(Options{Stored: func(string) []byte { return stored }})
	ask := func(access Access) {
		t.Helper()
		got, err := fetcher.Fetch(context.Background(), fair.Caller{}, Source{Kind: "repository", URL: server.URL, Chart: "web", Access: access}, nil)
		if err != nil || string(got.Archive) != "web one" {
			t.Fatalf("%q, %v", got.Archive, err)
		}
	}
	wantDownloads := func(what string, want int32) {
		t.Helper()
		if got := downloads.Load(); got != want {
			t.Errorf("%s: %d downloads", what, got)
		}
	}
	ask(Access{})
	ask(Access{})
	wantDownloads("the same again", 1)
	ask(Access{Username: "other"})
	wantDownloads("with other credentials", 2)
	stored = nil
	ask(Access{})
	wantDownloads("not stored any more", 3)
	stored, shown = archive, index("")
	ask(Access{})
	wantDownloads("without a digest in the index", 4)
}
