package client

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

func TestForeseenReads(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		asked.Add(1)
		writer.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(writer, "no "+request.URL.Path)
	}))
	defer server.Close()
	reads := &foreseenReads{}
	get := func(path string) string {
		request, err := http.NewRequest(http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Error(err)
			return ""
		}
		send := func() (*http.Response, error) {
			return http.DefaultTransport.RoundTrip(request)
		}
		response, err := reads.roundTrip(request, send, send)
		if err != nil {
			t.Error(err)
			return ""
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusNotFound {
			t.Error(response.StatusCode, err)
		}
		return string(body)
	}
	reads.expect(server.URL + "/foreseen")
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if text := get("/foreseen"); text != "no /foreseen" {
				t.Error("answered", text)
			}
		})
	}
	both.Wait()
	if asked.Load() != 1 {
		t.Errorf("a foreseen address was read %d times", asked.Load())
	}
	for range 2 {
		get("/foreseen")
	}
	get("/other")
	if asked.Load() != 4 {
		t.Errorf("reads that nobody foresees must be sent, %d were", asked.Load())
	}
}
