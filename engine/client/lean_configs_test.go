package client

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWhatGoesToAndFroOfReleaseConfigs(t *testing.T) {
	const (
		config = "/apis/apiextensions.transwarp.io/v1beta1/namespaces/shop/releaseconfigs/web"
		apply  = "application/apply-patch+yaml"
	)
	large := strings.Repeat("x", strictBytes+1)
	for _, one := range []struct {
		what, method, path, contentType, body string
		briefly, brief, lax                   bool
	}{
		{what: "a read", method: "GET", path: config},
		{what: "a read of metadata", method: "GET", path: config, briefly: true, brief: true},
		{what: "a read of something else", method: "GET", path: "/api/v1/namespaces/shop/configmaps/web", briefly: true},
		{what: "an apply", method: "PATCH", path: config + "?fieldValidation=Strict", contentType: apply, body: "x", brief: true},
		{what: "a large apply", method: "PATCH", path: config + "?fieldValidation=Strict", contentType: apply, body: large, brief: true, lax: true},
		{what: "a large apply that tries", method: "PATCH", path: config + "?fieldValidation=Strict&dryRun=All", contentType: apply, body: large},
		{what: "a large apply of something else", method: "PATCH", path: "/api/v1/namespaces/shop/configmaps/web?fieldValidation=Strict", contentType: apply, body: large},
		{what: "another patch", method: "PATCH", path: config + "?fieldValidation=Strict", contentType: "application/merge-patch+json", body: large},
		{what: "a deletion", method: "DELETE", path: config, briefly: true},
	} {
		lean := &leanConfigs{}
		lean.briefly.Store(one.briefly)
		request := httptest.NewRequest(one.method, one.path, strings.NewReader(one.body))
		request.Header.Set("Accept", "application/json")
		request.Header.Set("Content-Type", one.contentType)
		response, err := lean.roundTrip(request, func(sent *http.Request) (*http.Response, error) {
			if brief := strings.Contains(sent.Header.Get("Accept"), "PartialObjectMetadata"); brief != one.brief {
				t.Errorf("%s asks for metadata only: %v", one.what, brief)
			}
			if lax := sent.URL.Query().Get("fieldValidation") == "Ignore"; lax != one.lax {
				t.Errorf("%s is read once: %v", one.what, lax)
			}
			answer := `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"web","uid":"u"}}`
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(answer))}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		kind := `{"apiVersion":"apiextensions.transwarp.io/v1beta1","kind":"ReleaseConfig","metadata":{"name":"web","uid":"u"}}`
		if restored := string(body) == kind; restored != one.brief {
			t.Errorf("%s is answered with %s", one.what, body)
		}
	}
}

func TestContentThatIsWantedComes(t *testing.T) {
	session := &Session{lean: &leanConfigs{}}
	session.ReadBriefly()
	read := func() (brief bool) {
		request := httptest.NewRequest("GET", "/apis/apiextensions.transwarp.io/v1beta1/namespaces/shop/releaseconfigs/web", nil)
		_, err := session.lean.roundTrip(request, func(sent *http.Request) (*http.Response, error) {
			brief = sent.Header.Get("Accept") == onlyMetadata
			return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return brief
	}
	session.InFull(func() {
		if read() {
			t.Error("only metadata came where the content was wanted")
		}
	})
	if !read() {
		t.Error("content came that nobody wanted")
	}
}
