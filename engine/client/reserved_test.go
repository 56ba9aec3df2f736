package client

import (
	"net/http"
	"testing"

	"walm.io/engine/problem"
)

func TestOperationsKeepOutOfTheReservedNamespace(t *testing.T) {
	const get, post, patch, remove = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete
	for _, test := range []struct {
		home, method, path string
		refused            bool
	}{
		{"demo", get, "/api/v1/namespaces/walm-system/secrets/key", true},
		{"demo", get, "/api/v1/namespaces/walm-system/secrets", true},
		{"demo", get, "/api/v1/namespaces/walm-system", true},
		{"demo", post, "/api/v1/namespaces/walm-system/secrets", true},
		{"demo", patch, "/apis/apps/v1/namespaces/walm-system/deployments/walm/status", true},
		{"demo", remove, "/api/v1/namespaces/walm-system", true},
		// An API server behind a path prefix.
		{"demo", patch, "/clusters/one/apis/g/v1/namespaces/walm-system/things/x", true},
		{"demo", post, "/api/v1/namespaces/demo/secrets", false},
		{"demo", get, "/api/v1/namespaces/demo/secrets/walm-system", false},
		{"demo", get, "/api/v1/namespaces/walm-system-2/secrets", false},
		{"demo", post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", false},
		// Records that a user wrote there can be reported.
		{"walm-system", get, "/api/v1/namespaces/walm-system/secrets", false},
		{"walm-system", patch, "/api/v1/namespaces/walm-system/secrets/x", true},
		{"", get, "/api/v1/namespaces/walm-system/secrets/x", true},
	} {
		request, err := http.NewRequest(test.method, "https://cluster"+test.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		_, err = reservation{namespace: "walm-system", home: test.home}.check(request)
		if problem.HasCode(err, problem.NamespaceReserved) != test.refused {
			t.Errorf("%s %s from %q: %v", test.method, test.path, test.home, err)
		}
		if _, err = (reservation{}).check(request); err != nil {
			t.Errorf("%s is refused where nothing is reserved", test.path)
		}
	}
}

func TestAListOfAllSecretsLeavesTheReservedNamespaceOut(t *testing.T) {
	for query, want := range map[string]string{
		"": "metadata.namespace!=walm-system",
		"?fieldSelector=type%3Dx&labelSelector=a": "type=x,metadata.namespace!=walm-system",
	} {
		request, err := http.NewRequest(http.MethodGet, "https://cluster/api/v1/secrets"+query, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		narrowed, err := reservation{namespace: "walm-system"}.check(request)
		if err != nil || narrowed.URL.Query().Get("fieldSelector") != want {
			t.Errorf("%q became %v, %v", query, narrowed.URL, err)
		}
	}
}
