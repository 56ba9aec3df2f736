package registry

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	helmregistry "helm.sh/helm/v4/pkg/registry"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

// answering starts a server that is not a registry.
func answering(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			answer(connection)
		}
	}()
	return listener.Addr().String()
}

// otherPlaces are possible servers at an address that are not registries, by name: host and port.
func otherPlaces(t *testing.T) map[string]string {
	t.Helper()
	says := func(text string) func(net.Conn) {
		return func(connection net.Conn) {
			_, _ = connection.Write([]byte(text))
			connection.Close()
		}
	}
	serves := func(status int, kind, body string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}))
		t.Cleanup(server.Close)
		return strings.TrimPrefix(server.URL, "http://")
	}
	challenges := func(challenge string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Www-Authenticate", challenge)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
		}))
		t.Cleanup(server.Close)
		return strings.TrimPrefix(server.URL, "http://")
	}
	circle := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }))
	t.Cleanup(circle.Close)
	foreign := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(foreign.Close)
	foreign.TLS.MinVersion = tls.VersionTLS12
	return map[string]string{
		"closed":                  "127.0.0.1:1",
		"closed at once":          answering(t, func(connection net.Conn) { connection.Close() }),
		"a banner":                answering(t, says("SSH-2.0-OpenSSH_9.9\r\n")),
		"no HTTP":                 answering(t, says("\x15\x03\x01\x00\x02\x02\x28")),
		"half of an answer":       answering(t, says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")),
		"headers without end":     answering(t, says("HTTP/1.1 200 OK\r\n"+strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 2000))),
		"a page":                  serves(http.StatusNotFound, "text/html", "<html>"),
		"a page that is there":    serves(http.StatusOK, "text/html", "<html>"),
		"ok":                      serves(http.StatusOK, "text/plain", "ok"),
		"JSON":                    serves(http.StatusOK, "application/json", `{"status":"ok"}`),
		"an API":                  serves(http.StatusNotFound, "application/json", `{"kind":"Status","code":404}`),
		"an API with errors":      serves(http.StatusNotFound, "application/json", `{"errors":["not found"]}`),
		"an API with other codes": serves(http.StatusForbidden, "application/vnd.api+json", `{"errors":[{"code":"10001","title":"no"}]}`),
		"a huge answer":           serves(http.StatusOK, "application/json", `"`+strings.Repeat("x", 6<<20)+`"`),
		"a login":                 challenges(`Basic realm="router"`),
		"a login by token":        challenges(`Bearer realm="kubernetes"`),
		"an error":                serves(http.StatusBadGateway, "text/plain", ""),
		"nothing":                 serves(http.StatusNoContent, "text/plain", ""),
		"a circle":                strings.TrimPrefix(circle.URL, "http://"),
		"unknown certificates":    strings.TrimPrefix(foreign.URL, "https://"),
	}
}

// sameForAll fails unless the error about every place is the same text, except its name.
func sameForAll(t *testing.T, way string, code problem.Code, ask func(host string) error) {
	t.Helper()
	want := ""
	for name, host := range otherPlaces(t) {
		err := ask(host)
		if !problem.HasCode(err, code) {
			t.Errorf("%s, %s: want %s, got %v", way, name, code, err)
			continue
		}
		// On this machine plain http is tried automatically, so both schemes are one.
		text := strings.ReplaceAll(strings.ReplaceAll(err.Error(), host, "HOST"), "https://", "http://")
		if want != "" && want != text {
			t.Errorf("%s, %s: %q, not %q", way, name, text, want)
		}
		want = text
	}
}

func quickFetcher() *Fetcher {
	return NewFetcher(Options{pace: pace{window: time.Second, bytes: 1, whole: time.Minute}})
}

// Whatever is or is not at an address named by a caller, the error is the same.
func TestWhatIsOpenIsNotTold(t *testing.T) {
	fetcher := quickFetcher()
	for _, scheme := range []string{"oci://", "oci+http://"} {
		for _, version := range []string{":1", "@" + digest.FromString("ok").String(), ""} {
			sameForAll(t, scheme+version, problem.RegistryUnreachable, func(host string) error {
				_, err := fetcher.Fetch(t.Context(), fair.Caller{}, Source{Kind: "oci", Reference: scheme + host + "/a/b" + version}, nil)
				return err
			})
		}
	}
	sameForAll(t, "schema", problem.ChartSchemaInvalid, func(host string) error {
		_, err := fetcher.FetchSchema(t.Context(), "http://"+host+"/schema.json")
		return err
	})
}

// Neither is what a caller's registry or repository redirects to.
func TestWhatIsOpenIsNotToldByWayOfOthers(t *testing.T) {
	fetcher := quickFetcher()
	from := func(server *httptest.Server, leave func(path string) bool, host string) error {
		handler := server.Config.Handler
		server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if leave(r.URL.Path) {
				w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
				http.Redirect(w, r, "http://"+host+"/x", http.StatusTemporaryRedirect)
				return
			}
			handler.ServeHTTP(w, r)
		})
		_, err := fetcher.Fetch(t.Context(), fair.Caller{}, Source{Kind: "oci", Reference: "oci+http://" + strings.TrimPrefix(server.URL, "http://") + "/charts/web:1"}, nil)
		if err != nil {
			return problem.New(codeOf(err), "%s", strings.ReplaceAll(err.Error(), strings.TrimPrefix(server.URL, "http://"), "REGISTRY"))
		}
		return nil
	}
	for _, kind := range []string{"/manifests/", "/blobs/"} {
		sameForAll(t, "redirect of "+kind, problem.RegistryUnreachable, func(host string) error {
			server := newFakeRegistry(t)
			layer := server.blob([]byte("ok"), helmregistry.ChartLayerMediaType)
			server.manifest("1", ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest, Layers: []ocispec.Descriptor{layer}}, ocispec.MediaTypeImageManifest)
			return from(server.Server, func(path string) bool { return strings.Contains(path, kind) }, host)
		})
	}
	sameForAll(t, "token service", problem.RegistryUnauthorized, func(host string) error {
		server := newFakeRegistry(t)
		server.user, server.realm = "me:x", "http://"+host+"/token"
		return from(server.Server, func(string) bool { return false }, host)
	})
	for _, sum := range []string{"", digest.FromString("ok").String(), digest.FromString("other").String()} {
		sameForAll(t, "index "+sum, problem.RepositoryUnreachable, func(host string) error {
			server := newFakeRepository(t, indexOf("1.0.0 http://"+host+"/web-1.0.0.tgz "+sum))
			_, err := fetcher.Fetch(t.Context(), fair.Caller{}, Source{Kind: "repository", URL: server.URL, Chart: "web"}, nil)
			return err
		})
	}
	for _, leaves := range []string{"/index.yaml", "/web-1.0.0.tgz"} {
		sameForAll(t, "redirect of "+leaves, problem.RepositoryUnreachable, func(host string) error {
			server := newFakeRepository(t, indexOf("1.0.0 web-1.0.0.tgz"))
			handler := server.Config.Handler
			server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == leaves {
					http.Redirect(w, r, "http://"+host+"/x", http.StatusFound)
					return
				}
				handler.ServeHTTP(w, r)
			})
			_, err := fetcher.Fetch(t.Context(), fair.Caller{}, Source{Kind: "repository", URL: server.URL, Chart: "web"}, nil)
			if err != nil {
				return problem.New(codeOf(err), "%s", strings.ReplaceAll(err.Error(), server.URL, "REPOSITORY"))
			}
			return nil
		})
	}
}

func codeOf(err error) problem.Code {
	known, found := problem.From(err)
	if !found {
		return "none"
	}
	return known.Code
}

// A refused address, a registry's own errors and documents that are schemas are passed on.
func TestRegistriesAreBelievedInTheirForm(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"by header": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
			w.WriteHeader(http.StatusNotFound)
		},
		"by its errors": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]any{"code": "NAME_UNKNOWN", "message": "no"}}})
		},
	} {
		server := httptest.NewServer(answer)
		_, err := pull(strings.TrimPrefix(server.URL, "http://")+"/a/b:1", Access{})
		server.Close()
		if !problem.HasCode(err, problem.ChartNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Www-Authenticate", `Bearer realm="http://`+r.Host+`/token",service="test"`)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer server.Close()
	_, err := pull(strings.TrimPrefix(server.URL, "http://")+"/a/b:1", Access{})
	wantCode(t, err, problem.RegistryUnauthorized)
	for _, text := range []string{`{"type":"object"}`, `{"$defs":{}}`, `{"components":{"schemas":{}}}`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }))
		got, err := quickFetcher().FetchSchema(t.Context(), server.URL)
		server.Close()
		if err != nil || string(got) != text {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Timing does not reveal it either, if nothing has responded: refused at once, or never a byte.
func TestFailuresTakeTheSameTime(t *testing.T) {
	const evenly = 300 * time.Millisecond
	// Waiting for the end of a download's silence would take forever.
	fetcher := NewFetcher(Options{pace: pace{window: 24 * time.Hour, bytes: 1, whole: 24 * time.Hour}, Evenly: evenly})
	silence := answering(t, func(net.Conn) {})
	for _, host := range []string{"127.0.0.1:1", silence, answering(t, func(connection net.Conn) { connection.Close() })} {
		for name, ask := range map[string]func() error{
			"image": func() error {
				_, err := fetcher.Fetch(t.Context(), fair.Caller{}, Source{Kind: "oci", Reference: "oci+http://" + host + "/a/b:1"}, nil)
				return err
			},
			"image by TLS": func() error {
				_, err := fetcher.Fetch(t.Context(), fair.Caller{}, Source{Kind: "oci", Reference: "oci://" + host + "/a/b:1"}, nil)
				return err
			},
			"schema": func() error {
				_, err := fetcher.FetchSchema(t.Context(), "http://"+host+"/schema.json")
				return err
			},
			"index": func() error {
				server := newFakeRepository(t, indexOf("1.0.0 http://"+host+"/web-1.0.0.tgz"))
				_, err := fetcher.Fetch(t.Context(), fair.Caller{}, Source{Kind: "repository", URL: server.URL, Chart: "web"}, nil)
				return err
			},
		} {
			reported := time.Now().Add(evenly)
			if err := ask(); err == nil {
				t.Fatal("something is there")
			}
			if now := time.Now(); now.Before(reported) {
				t.Errorf("%s of %s: told at %s, before %s", name, host, now, reported)
			}
		}
	}
}
