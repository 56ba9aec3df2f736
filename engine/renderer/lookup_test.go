package renderer

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"k8s.io/client-go/rest"

	"walm.io/engine/problem"
)

// A worker that a chart has taken over may ask for anything: it gets objects and lists, read as the caller.
func TestAWorkerReadsObjectsAndNothingElse(t *testing.T) {
	asked := []string{}
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		asked = append(asked, request.Method+" "+request.URL.Path+" as "+request.Header.Get("Impersonate-User"))
		answer.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(request.URL.Path, "/large") {
			_, _ = answer.Write(make([]byte, lookupBytes+1))
			return
		}
		_, _ = answer.Write([]byte(`{"kind": "Secret"}`))
	}))
	defer server.Close()
	reads := &lookups{ctx: context.Background(), config: func() (*rest.Config, error) {
		return &rest.Config{Host: server.URL, Impersonate: rest.ImpersonationConfig{UserName: "ann"}}, nil
	}}
	ask := func(uri string) lookupAnswer {
		question, err := json.Marshal(lookupQuestion{URI: uri, Accept: "application/json"})
		if err != nil {
			t.Fatal(err)
		}
		return reads.reply(question).(lookupAnswer)
	}
	if got := ask("/api/v1/namespaces/demo/secrets/a"); got.Problem != nil || string(got.Body) != `{"kind": "Secret"}` || got.Status != 200 {
		t.Errorf("got %+v", got)
	}
	if len(asked) != 1 || asked[0] != "GET /api/v1/namespaces/demo/secrets/a as ann" {
		t.Errorf("asked %v", asked)
	}
	for _, uri := range []string{
		"/", "/version", "/metrics", "/logs/", "/healthz", "http://169.254.169.254/api/v1", "//169.254.169.254/api/v1",
		"/api/../metrics", "/api/v1/../../metrics", "/api/v1/namespaces/demo/pods/a/log?follow=true", "/api/v1/pods?watch=1", "/api/v1/pods?timeout=1&watch=1", "", "x",
		"/api/v1/namespaces/demo/pods/a/log", "/api/v1/nodes/n/proxy", "/api/v1/namespaces/demo/services/s/proxy/x", "/apis/apps",
		"/api/%2e%2e/metrics", "/api/v1//secrets",
	} {
		if got := ask(uri); got.Problem == nil || got.Body != nil {
			t.Errorf("%q: %+v", uri, got)
		}
	}
	if len(asked) != 1 {
		t.Errorf("asked %v", asked)
	}
	for _, uri := range []string{"/api/v1?timeout=32s", "/apis/apps/v1", "/api/v1/nodes", "/api/v1/nodes/n", "/apis/apps/v1/namespaces/demo/deployments"} {
		if got := ask(uri); got.Problem != nil {
			t.Errorf("%q: %s", uri, got.Problem.Message)
		}
	}
	if got := ask("/api/v1/namespaces/demo/configmaps/large"); got.Problem == nil || got.Problem.Code != problem.TemplateFailed || got.Body != nil {
		t.Errorf("large: %+v", got.Problem)
	}
	if got := reads.reply([]byte(`not JSON`)).(lookupAnswer); got.Problem == nil {
		t.Error("nonsense was answered")
	}
}

func TestAListOfAllNamespacesLeavesTheReservedOneOut(t *testing.T) {
	asked := []string{}
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		selector := request.URL.Query().Get("fieldSelector")
		asked = append(asked, request.URL.Path+" "+selector)
		if selector != "" && strings.HasSuffix(request.URL.Path, "/nodes") {
			answer.WriteHeader(http.StatusBadRequest)
		}
	}))
	defer server.Close()
	reads := &lookups{ctx: context.Background(), reserved: "own", config: func() (*rest.Config, error) {
		return &rest.Config{Host: server.URL}, nil
	}}
	for uri, want := range map[string][]string{
		"/api/v1/configmaps":                          {"/api/v1/configmaps metadata.namespace!=own"},
		"/apis/coordination.k8s.io/v1/leases":         {"/apis/coordination.k8s.io/v1/leases metadata.namespace!=own"},
		"/api/v1/nodes":                               {"/api/v1/nodes metadata.namespace!=own", "/api/v1/nodes "},
		"/api/v1/secrets":                             {"/api/v1/secrets "},
		"/api/v1":                                     {"/api/v1 "},
		"/apis/apps/v1":                               {"/apis/apps/v1 "},
		"/api/v1/nodes/n":                             {"/api/v1/nodes/n "},
		"/api/v1/namespaces/demo/configmaps":          {"/api/v1/namespaces/demo/configmaps "},
		"/apis/apps/v1/namespaces/demo/deployments/x": {"/apis/apps/v1/namespaces/demo/deployments/x "},
	} {
		asked = nil
		question, err := json.Marshal(lookupQuestion{URI: uri, Accept: "application/json"})
		if err != nil {
			t.Fatal(err)
		}
		if got := reads.reply(question).(lookupAnswer); got.Problem != nil || got.Status != http.StatusOK {
			t.Errorf("%s: %+v", uri, got)
		}
		if !slices.Equal(asked, want) {
			t.Errorf("%s: asked %q", uri, asked)
		}
	}
}
