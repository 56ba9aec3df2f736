package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

func TestGateStopsRequestsAndStreamsOfACancelledOperation(t *testing.T) {
	streaming := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		answer.WriteHeader(http.StatusOK)
		answer.(http.Flusher).Flush()
		if request.URL.Path == "/watch" {
			close(streaming)
			<-request.Context().Done()
		}
	}))
	defer server.Close()
	stopped := errors.New("stopped by the caller")
	operation, cancel := context.WithCancelCause(context.Background())
	caller := &http.Client{Transport: &gate{operation: operation, inner: http.DefaultTransport}}

	watch, err := caller.Get(server.URL + "/watch")
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Body.Close()
	<-streaming
	cancel(stopped)
	if _, err := io.ReadAll(watch.Body); err == nil {
		t.Fatal("the stream of a cancelled operation ended without an error")
	}
	for _, method := range []string{http.MethodGet, http.MethodPatch} {
		request, err := http.NewRequest(method, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := caller.Do(request)
		if err == nil {
			response.Body.Close()
		}
		if !errors.Is(err, stopped) {
			t.Errorf("%s after the cancellation: got %v", method, err)
		}
	}
}

// A write whose outcome is unknown could reach the cluster after its operation was undone.
func TestGateLetsWritesInFlightFinish(t *testing.T) {
	operation, cancel := context.WithCancel(context.Background())
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		cancel()
		if request.Context().Err() != nil {
			t.Errorf("%s in flight was aborted", request.Method)
		}
		answer.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()
	caller := &http.Client{Transport: &gate{operation: operation, inner: http.DefaultTransport}}

	answer, err := caller.Post(server.URL, "application/json", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		t.Errorf("got status %d", answer.StatusCode)
	}
}

func TestGateObservesWrites(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
		answer.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()
	var seen []string
	caller := &http.Client{Transport: &gate{
		operation: context.Background(),
		inner:     http.DefaultTransport,
		observe: func(request *http.Request, response *http.Response) {
			seen = append(seen, request.Method+" "+response.Status)
		},
	}}
	for _, method := range []string{http.MethodGet, http.MethodPatch} {
		request, err := http.NewRequest(method, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := caller.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	if len(seen) != 1 || seen[0] != "PATCH 201 Created" {
		t.Fatalf("observed %v", seen)
	}
}

// TestGateWritesNothingWhereThatWasAsked: Helm's client-side apply knows no dry runs.
func TestGateWritesNothingWhereThatWasAsked(t *testing.T) {
	asked := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		asked <- request.Method + " " + request.URL.RawQuery
	}))
	defer server.Close()
	dry := &atomic.Bool{}
	caller := &http.Client{Transport: &gate{operation: t.Context(), inner: http.DefaultTransport, dry: dry}}
	for _, step := range []struct {
		isDry                 bool
		method, query, wanted string
	}{
		{false, http.MethodPatch, "a=b", "PATCH a=b"},
		{true, http.MethodPost, "", "POST dryRun=All"},
		{true, http.MethodPatch, "a=b", "PATCH a=b&dryRun=All"},
		{true, http.MethodPut, "dryRun=", "PUT dryRun=All"},
		{true, http.MethodGet, "a=b", "GET a=b"},
		{true, http.MethodDelete, "dryRun=All", ""},
	} {
		dry.Store(step.isDry)
		request, err := http.NewRequest(step.method, server.URL+"/x?"+step.query, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := caller.Do(request)
		if err == nil {
			response.Body.Close()
		}
		if (err != nil) != (step.wanted == "") {
			t.Errorf("%s: %v", step.method, err)
		}
		if step.wanted != "" {
			if got := <-asked; got != step.wanted {
				t.Errorf("%s was sent as %s", step.method, got)
			}
		}
	}
	if len(asked) > 0 {
		t.Errorf("also sent: %s", <-asked)
	}
}
