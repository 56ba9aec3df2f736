package registry

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

// answering starts something that is no registry.
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

// Whatever is or is not at an address that somebody named, it reads the same.
func TestWhatIsOpenIsNotTold(t *testing.T) {
	says := func(text string) func(net.Conn) {
		return func(connection net.Conn) {
			_, _ = connection.Write([]byte(text))
			connection.Close()
		}
	}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", http.StatusNotFound) }))
	defer page.Close()
	login := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Www-Authenticate", `Basic realm="router"`)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer login.Close()
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	defer broken.Close()
	foreign := httptest.NewTLSServer(http.NotFoundHandler())
	defer foreign.Close()
	foreign.TLS.MinVersion = tls.VersionTLS12
	places := map[string]string{
		"closed":               "127.0.0.1:1",
		"closed at once":       answering(t, func(connection net.Conn) { connection.Close() }),
		"a banner":             answering(t, says("SSH-2.0-OpenSSH_9.9\r\n")),
		"no HTTP":              answering(t, says("\x15\x03\x01\x00\x02\x02\x28")),
		"half of an answer":    answering(t, says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")),
		"a page":               strings.TrimPrefix(page.URL, "http://"),
		"a login":              strings.TrimPrefix(login.URL, "http://"),
		"an error":             strings.TrimPrefix(broken.URL, "http://"),
		"unknown certificates": strings.TrimPrefix(foreign.URL, "https://"),
	}
	fetcher := NewFetcher(Options{IdleTimeout: time.Second})
	want := map[string]string{}
	for name, host := range places {
		for _, scheme := range []string{"oci://", "oci+http://"} {
			_, err := fetcher.Fetch(t.Context(), fair.Caller{}, Source{Kind: "oci", Reference: scheme + host + "/a/b:1"}, nil)
			wantCode(t, err, problem.RegistryUnreachable)
			// On this machine plain http is tried by itself, so both schemes are one.
			text := strings.ReplaceAll(strings.ReplaceAll(err.Error(), host, "HOST"), "https://", "http://")
			if len(want) > 0 && want["text"] != text {
				t.Errorf("%s, %s: %q, not %q", name, scheme, text, want["text"])
			}
			want["text"] = text
		}
		_, err := fetcher.FetchSchema(t.Context(), "http://"+host+"/schema.json")
		wantCode(t, err, problem.ChartSchemaInvalid)
		if text := strings.ReplaceAll(err.Error(), host, "HOST"); text != "values.schema.json refers to http://HOST/schema.json, which cannot be read" {
			t.Errorf("%s: %q", name, text)
		}
	}
}
