package client

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"k8s.io/client-go/rest"
)

func TestTheWholeIdentityIsImpersonated(t *testing.T) {
	var got http.Header
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		got = request.Header
	}))
	defer server.Close()
	config := &rest.Config{Host: server.URL}
	identity := &Identity{
		User: "ann", UID: "u-1", Groups: []string{"dev", "ops"},
		Extra: map[string][]string{"example.org/scopes": {"read", "write"}},
	}
	if err := identity.impersonate(config); err != nil {
		t.Fatal(err)
	}
	caller, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := caller.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	want := map[string][]string{
		"Impersonate-User":                       {"ann"},
		"Impersonate-Uid":                        {"u-1"},
		"Impersonate-Group":                      {"dev", "ops"},
		"Impersonate-Extra-Example.org%2fscopes": {"read", "write"},
	}
	for name, values := range want {
		sent := got.Values(name)
		if len(sent) != len(values) || sent[0] != values[0] || sent[len(sent)-1] != values[len(values)-1] {
			t.Errorf("%s is %q instead of %q", name, sent, values)
		}
	}
}

func TestNobodyIsImpersonatedForAnEmptyIdentity(t *testing.T) {
	for _, empty := range []Identity{{}, {User: " "}, {User: "ann", Groups: []string{""}}, {User: "ann", Groups: []string{" "}}} {
		config := &rest.Config{}
		if err := empty.impersonate(config); err == nil {
			t.Errorf("%+v was taken for somebody", empty)
		}
	}
	config := &rest.Config{}
	if err := (*Identity)(nil).impersonate(config); err != nil || config.Impersonate.UserName != "" {
		t.Error("the engine's own account impersonates somebody")
	}
}
