package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
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
