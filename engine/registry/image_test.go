package registry

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	helmregistry "helm.sh/helm/v4/pkg/registry"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

func pull(reference string, access Access) (Download, error) {
	access.PlainHTTP = true
	return NewFetcher(Options{}).Fetch(context.Background(), fair.Caller{}, Source{Kind: "oci", Reference: reference, Access: access}, nil)
}

func TestPullByTagAndDigest(t *testing.T) {
	server := newFakeRegistry(t)
	name := server.push("1.0.0", "one", helmregistry.ChartLayerMediaType)
	server.push("1.1.0_build.5", "plus", helmregistry.LegacyChartLayerMediaType)
	server.push("1.2.0", "oldest", chartLayers[2])
	server.push("2.0.0-rc.1", "unstable", helmregistry.ChartLayerMediaType)
	server.push("latest", "not a version", helmregistry.ChartLayerMediaType)
	base := server.host() + "/charts/web"
	for reference, want := range map[string]string{
		base + ":1.0.0":                          "one",
		"oci://" + base + ":1.0.0":               "one",
		"oci+http://" + base + ":1.0.0":          "one",
		base + "@" + name.String():               "one",
		base + ":latest@" + name.String():        "one",
		base + ":1.1.0+build.5":                  "plus",
		base + ":1.1.0_build.5":                  "plus",
		base:                                     "oldest",
		base + ":latest":                         "not a version",
		"oci://" + server.host() + "/charts/web": "oldest",
	} {
		got, err := pull(reference, Access{})
		if err != nil || string(got.Archive) != want || !strings.HasPrefix(got.Reference, "oci+http://"+base) {
			t.Errorf("%s: %q %s, %v", reference, got.Archive, got.Reference, err)
		}
	}
	for version, want := range map[string]string{"": "oldest", "1.0.0": "one", "<1.2.0": "plus", "1.1.0+build.5": "plus", ">=2.0.0-0": "unstable", "latest": "not a version"} {
		got, err := fetch(Source{URL: "oci+http://" + server.host() + "/charts/", Chart: "web", Version: version})
		if err != nil || string(got.Archive) != want {
			t.Errorf("%s: %q, %v", version, got.Archive, err)
		}
	}
	_, err := fetch(Source{URL: "oci+http://" + server.host() + "/charts", Chart: "web", Version: ">9"})
	wantCode(t, err, problem.ChartVersionNotFound)
}

func TestAnIndexMayPointIntoARegistry(t *testing.T) {
	registry := newFakeRegistry(t)
	registry.push("1.0.0", "one", helmregistry.ChartLayerMediaType)
	repository := newFakeRepository(t, indexOf("1.0.0 oci+http://"+registry.host()+"/charts/web:1.0.0"))
	got, err := fetch(Source{URL: repository.URL, Chart: "web", Access: Access{Username: "me", Password: canary}})
	if err != nil || string(got.Archive) != "one" || len(registry.heard) > 0 {
		t.Fatalf("got %q, heard %v, %v", got.Archive, registry.heard, err)
	}
}

func TestAnImageIndexLeadsToTheChart(t *testing.T) {
	server := newFakeRegistry(t)
	image := server.manifest("image", ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest}, ocispec.MediaTypeImageManifest)
	chart := server.push("chart", "one", helmregistry.ChartLayerMediaType)
	index := ocispec.Index{MediaType: ocispec.MediaTypeImageIndex, Manifests: []ocispec.Descriptor{
		{Digest: image, Size: 1}, {Digest: chart, ArtifactType: helmregistry.ConfigMediaType, Size: 1},
	}}
	server.manifest("both", index, ocispec.MediaTypeImageIndex)
	server.manifest("none", ocispec.Index{MediaType: ocispec.MediaTypeImageIndex}, ocispec.MediaTypeImageIndex)
	if got, err := pull(server.host()+"/charts/web:both", Access{}); err != nil || string(got.Archive) != "one" {
		t.Fatalf("got %q, %v", got.Archive, err)
	}
	_, err := pull(server.host()+"/charts/web:none", Access{})
	wantCode(t, err, problem.RegistryUnreachable)
}

func TestReferencesThatAreNotValid(t *testing.T) {
	for _, reference := range []string{
		"", "web", "web:1.0.0", "oci://", "https://registry.example.com/web:1", "http://127.0.0.1/web:1", "registry.example.com/WEB:1", "registry.example.com/web:a b",
		"registry.example.com/web@sha256:short", "registry.example.com/web@", "registry.example.com/../x:1", "oci://oci://registry.example.com/web:1", "registry.example.com/web:1?x=y",
	} {
		_, err := pull(reference, Access{})
		if !problem.HasCode(err, problem.ChartReferenceInvalid) {
			t.Errorf("%q: %v", reference, err)
		}
	}
}

func TestWhatARegistryDoesNotHave(t *testing.T) {
	server := newFakeRegistry(t)
	_, err := pull(server.host()+"/charts/web:9.9.9", Access{})
	wantCode(t, err, problem.ChartNotFound)
	if want := "Chart " + server.host() + "/charts/web:9.9.9 is not found"; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %q", err)
	}
	server.manifest("image", ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest, Layers: []ocispec.Descriptor{server.blob([]byte("x"), ocispec.MediaTypeImageLayer)}}, ocispec.MediaTypeImageManifest)
	_, err = pull(server.host()+"/charts/web:image", Access{})
	wantCode(t, err, problem.ChartReferenceInvalid)

	_, err = NewFetcher(Options{}).Fetch(context.Background(), fair.Caller{}, Source{Kind: "oci", Reference: "127.0.0.1:1/a/b:1"}, nil)
	wantCode(t, err, problem.RegistryUnreachable)
	if want := `failed to do request: Head "https://127.0.0.1:1/v2/a/b/manifests/1": there is no registry`; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %q", err)
	}
}

func TestPlainHTTPMustBeAskedForExceptOnThisMachine(t *testing.T) {
	server := newFakeRegistry(t)
	server.push("1.0.0", "one", helmregistry.ChartLayerMediaType)
	server.user = "me:" + canary
	source := Source{Kind: "oci", Reference: server.host() + "/charts/web:1.0.0", Access: Access{Username: "me", Password: canary}}
	if got, err := NewFetcher(Options{}).Fetch(context.Background(), fair.Caller{}, source, nil); err != nil || string(got.Archive) != "one" {
		t.Errorf("got %q, %v", got.Archive, err)
	}
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST:5000": true, "127.0.0.1:5000": true, "127.1.2.3": true, "[::1]:5000": true, "[::ffff:127.0.0.1]": true,
		"localhost.example.com": false, "127.0.0.1.example.com:5000": false, "10.0.0.1:5000": false, "registry": false,
	} {
		if got := isThisMachine(host); got != want {
			t.Errorf("%s: %v", host, got)
		}
	}
	reference, err := parseImageReference("registry.example.com/charts/web:1.0.0")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := &image{reference: reference, fetcher: NewFetcher(Options{}), conversation: newConversation(reference.origin(), &hops{})}
	err = elsewhere.failure(context.Background(), &url.Error{Op: "Get", URL: "https://registry.example.com", Err: http.ErrSchemeMismatch})
	wantCode(t, err, problem.RegistryUnreachable)
	if !strings.Contains(err.Error(), "plain http is written oci+http://registry.example.com/charts/web:1.0.0") {
		t.Errorf("got %q", err)
	}
}

func TestRegistriesThatLie(t *testing.T) {
	server := newFakeRegistry(t)
	name := server.push("1.0.0", "one", helmregistry.ChartLayerMediaType)
	layer := digest.FromString("one").String()

	server.blobs[layer] = []byte("two")
	_, err := pull(server.host()+"/charts/web:1.0.0", Access{})
	wantCode(t, err, problem.ChartDigestMismatch)

	server.blobs[layer] = []byte(strings.Repeat("x", 100))
	if _, err = pull(server.host()+"/charts/web:1.0.0", Access{}); err == nil {
		t.Error("a longer layer is accepted")
	}
	server.manifests[name.String()] = []byte(`{"schemaVersion":2}`)
	if _, err = pull(server.host()+"/charts/web@"+name.String(), Access{}); err == nil {
		t.Error("another manifest is accepted")
	}
	for tag, layer := range map[string]ocispec.Descriptor{
		"huge":     {MediaType: helmregistry.ChartLayerMediaType, Digest: digest.FromString("x"), Size: 1 << 40},
		"negative": {MediaType: helmregistry.ChartLayerMediaType, Digest: digest.FromString("x"), Size: -1},
		"path":     {MediaType: helmregistry.ChartLayerMediaType, Digest: "../../etc/passwd", Size: 1},
		"unknown":  {MediaType: helmregistry.ChartLayerMediaType, Digest: "md5:abc", Size: 1},
	} {
		server.manifest(tag, ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest, Layers: []ocispec.Descriptor{layer}}, ocispec.MediaTypeImageManifest)
		_, err := pull(server.host()+"/charts/web:"+tag, Access{})
		if _, known := problem.From(err); !known {
			t.Errorf("%s: %v", tag, err)
		}
	}
	server.manifest("text", "not an object", ocispec.MediaTypeImageManifest)
	_, err = pull(server.host()+"/charts/web:text", Access{})
	wantCode(t, err, problem.RegistryUnreachable)
}

func TestRegistryCredentials(t *testing.T) {
	for _, realm := range []string{"", "/token"} {
		server := newFakeRegistry(t)
		server.push("1.0.0", "one", helmregistry.ChartLayerMediaType)
		server.user = "me:" + canary
		if realm != "" {
			server.realm = server.URL + realm
		}
		reference := server.host() + "/charts/web:1.0.0"
		storage := newEavesdropper(t)
		if got, err := pull(reference, Access{Username: "me", Password: canary}); err != nil || string(got.Archive) != "one" {
			t.Errorf("%q: %q, %v", realm, got.Archive, err)
		}
		server.blobHost = storage.URL
		server.blobs[digest.FromString("one").String()] = []byte("web one")
		_, err := pull(reference, Access{Username: "me", Password: canary})
		if err == nil || len(storage.heard) > 0 {
			t.Errorf("storage heard %v, %v", storage.heard, err)
		}
		for _, access := range []Access{{}, {Username: "me", Password: "wrong"}} {
			_, err := pull(reference, access)
			wantCode(t, err, problem.RegistryUnauthorized)
		}
	}
}

// A compromised registry could name its own token service.
func TestATokenServiceOfAnotherSiteGetsNoCredentials(t *testing.T) {
	server := newFakeRegistry(t)
	thief := newFakeRegistry(t)
	server.push("1.0.0", "one", helmregistry.ChartLayerMediaType)
	server.user, thief.user = "me:"+canary, "me:"+canary
	server.realm = strings.Replace(thief.URL, "127.0.0.1", "localhost", 1) + "/token"
	_, err := pull(server.host()+"/charts/web:1.0.0", Access{Username: "me", Password: canary})
	wantCode(t, err, problem.RegistryUnauthorized)
	if len(thief.heard) > 0 || !strings.Contains(err.Error(), "localhost") || strings.Contains(err.Error(), canary) {
		t.Errorf("heard %v, %v", thief.heard, err)
	}
	server.realm = "http://169.254.169.254/token"
	_, err = pull(server.host()+"/charts/web:1.0.0", Access{Username: "me", Password: canary})
	if _, known := problem.From(err); !known && !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
