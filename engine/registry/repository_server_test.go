package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"walm.io/engine/problem"
)

// fakeRepository is a chart repository that records its requests. Archives are any bytes: their content is not checked
// in this package.
type fakeRepository struct {
	*httptest.Server
	index string
	files map[string]string
	// user protects everything if it is set, as "user:password".
	user string

	mutex    sync.Mutex
	requests []*http.Request
}

func newFakeRepository(t *testing.T, index string) *fakeRepository {
	t.Helper()
	made := &fakeRepository{index: index, files: map[string]string{"/web-1.0.0.tgz": "web one", "/web-1.1.0.tgz": "web two"}}
	made.Server = httptest.NewServer(made)
	t.Cleanup(made.Close)
	return made
}

func (f *fakeRepository) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mutex.Lock()
	f.requests = append(f.requests, r)
	f.mutex.Unlock()
	if user, password, _ := r.BasicAuth(); f.user != "" && user+":"+password != f.user {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	if strings.HasSuffix(r.URL.Path, "/index.yaml") {
		etag := `"` + sha256Hex(f.index)[:8] + `"`
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, f.index)
		return
	}
	body, found := f.files[r.URL.Path]
	if !found {
		http.NotFound(w, r)
		return
	}
	fmt.Fprint(w, body)
}

// asked lists the paths of the requests so far and resets them.
func (f *fakeRepository) asked() []string {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	paths := []string{}
	for _, request := range f.requests {
		paths = append(paths, request.URL.RequestURI())
	}
	f.requests = nil
	return paths
}

func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// indexOf lists versions of a chart `web`; each has the form "version address [digest]".
func indexOf(versions ...string) string {
	text := "apiVersion: v1\nentries:\n  web:\n"
	for _, line := range versions {
		fields := append(strings.Fields(line), "")
		text += fmt.Sprintf("  - {name: web, version: %q, urls: [%q], digest: %q}\n", fields[0], fields[1], fields[2])
	}
	return text
}

func wantCode(t *testing.T, err error, code problem.Code) {
	t.Helper()
	if !problem.HasCode(err, code) {
		t.Fatalf("want %s, got %v", code, err)
	}
}
