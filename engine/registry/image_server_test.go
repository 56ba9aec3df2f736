package registry

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	helmregistry "helm.sh/helm/v4/pkg/registry"
)

// fakeRegistry is as much of an OCI registry as pulling a chart needs.
type fakeRegistry struct {
	*httptest.Server
	// manifests and types are by tag and by digest, blobs by digest.
	manifests map[string][]byte
	types     map[string]string
	blobs     map[string][]byte
	tags      []string
	// user protects everything with basic authentication, or with a token from the realm if that is set.
	user, realm string
	// blobHost serves the blobs, like storage behind a registry.
	blobHost string
	heard    []string
}

func newFakeRegistry(t *testing.T) *fakeRegistry {
	t.Helper()
	made := &fakeRegistry{manifests: map[string][]byte{}, types: map[string]string{}, blobs: map[string][]byte{}}
	made.Server = httptest.NewServer(made)
	t.Cleanup(made.Close)
	return made
}

// host is the registry's part of a reference.
func (f *fakeRegistry) host() string { return strings.TrimPrefix(f.URL, "http://") }

// push stores an archive as a chart under a tag and returns the manifest's digest.
func (f *fakeRegistry) push(tag, archive, layerType string) digest.Digest {
	layer := f.blob([]byte(archive), layerType)
	manifest := ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest, Config: f.blob([]byte("{}"), helmregistry.ConfigMediaType)}
	manifest.SchemaVersion = 2
	manifest.Layers = []ocispec.Descriptor{f.blob([]byte("signature"), helmregistry.ProvLayerMediaType), layer}
	return f.manifest(tag, manifest, ocispec.MediaTypeImageManifest)
}

func (f *fakeRegistry) blob(data []byte, mediaType string) ocispec.Descriptor {
	name := digest.FromBytes(data)
	f.blobs[name.String()] = data
	return ocispec.Descriptor{MediaType: mediaType, Digest: name, Size: int64(len(data))}
}

func (f *fakeRegistry) manifest(tag string, content any, mediaType string) digest.Digest {
	text, err := json.Marshal(content)
	if err != nil {
		panic(err)
	}
	name := digest.FromBytes(text)
	for _, key := range []string{tag, name.String()} {
		f.manifests[key], f.types[key] = text, mediaType
	}
	f.tags = append(f.tags, tag)
	return name
}

func (f *fakeRegistry) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	if authorization := r.Header.Get("Authorization"); authorization != "" {
		f.heard = append(f.heard, r.URL.Path+" "+authorization)
	}
	if !f.authorized(w, r) {
		return
	}
	_, name, _ := strings.Cut(r.URL.Path, "/charts/web/")
	kind, reference, _ := strings.Cut(name, "/")
	switch {
	case kind == "tags":
		sorted := slices.Sorted(slices.Values(f.tags))
		if r.URL.Query().Get("last") == "" && len(sorted) > 1 {
			w.Header().Set("Link", `</v2/charts/web/tags/list?last=x>; rel="next"`)
			sorted = sorted[:1]
		} else if len(sorted) > 1 {
			sorted = sorted[1:]
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"name": "charts/web", "tags": sorted})
	case kind == "manifests" && f.manifests[reference] != nil:
		w.Header().Set("Content-Type", f.types[reference])
		w.Header().Set("Docker-Content-Digest", digest.FromBytes(f.manifests[reference]).String())
		_, _ = w.Write(f.manifests[reference])
	case kind == "blobs" && f.blobHost != "":
		http.Redirect(w, r, f.blobHost+r.URL.Path, http.StatusTemporaryRedirect)
	case kind == "blobs" && f.blobs[reference] != nil:
		_, _ = w.Write(f.blobs[reference])
	default:
		http.Error(w, `{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}`, http.StatusNotFound)
	}
}

func (f *fakeRegistry) authorized(w http.ResponseWriter, r *http.Request) bool {
	user, password, _ := r.BasicAuth()
	given := user + ":" + password
	switch {
	case f.user == "":
		return true
	case r.URL.Path == "/token" && given == f.user:
		fmt.Fprint(w, `{"token":"t0ken"}`)
		return false
	case f.realm == "" && given == f.user, f.realm != "" && r.Header.Get("Authorization") == "Bearer t0ken":
		return true
	case f.realm != "":
		w.Header().Set("Www-Authenticate", fmt.Sprintf(`Bearer realm=%q,service="test",scope="repository:charts/web:pull"`, f.realm))
	default:
		w.Header().Set("Www-Authenticate", `Basic realm="test"`)
	}
	http.Error(w, `{"errors":[{"code":"UNAUTHORIZED","message":"no"}]}`, http.StatusUnauthorized)
	return false
}
