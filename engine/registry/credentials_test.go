package registry

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

const canary = "c4nary-passw0rd"

// archived begins like an archive: nothing else is accepted from other hosts.
const archived = "\x1f\x8b web one"

// eavesdropper is another host that serves anything and records the credentials it received.
type eavesdropper struct {
	*httptest.Server
	heard []string
}

func newEavesdropper(t *testing.T) *eavesdropper {
	t.Helper()
	made := &eavesdropper{}
	made.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Authorization", "Cookie", "Referer"} {
			if value := r.Header.Get(name); value != "" {
				made.heard = append(made.heard, name+": "+value)
			}
		}
		fmt.Fprint(w, archived)
	}))
	t.Cleanup(made.Close)
	return made
}

func TestCredentialsReachTheRepositoryOnly(t *testing.T) {
	other := newEavesdropper(t)
	server := newFakeRepository(t, indexOf("1.0.0 web-1.0.0.tgz", "1.1.0 "+other.URL+"/web.tgz", "1.2.0 moved.tgz"))
	server.user = "me:" + canary
	moved := newFakeRepository(t, server.index)
	moved.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "moved.tgz") {
			http.Redirect(w, r, other.URL+"/web.tgz", http.StatusTemporaryRedirect)
			return
		}
		server.ServeHTTP(w, r)
	})
	access := Access{Username: "me", Password: canary}
	for version, want := range map[string]string{"1.0.0": "web one", "1.1.0": archived, "1.2.0": archived} {
		got, err := fetch(Source{URL: moved.URL + "/?t=s3cret", Chart: "web", Version: version, Access: access})
		if err != nil || string(got.Archive) != want {
			t.Errorf("%s: %q, %v", version, got.Archive, err)
		}
	}
	if len(other.heard) > 0 {
		t.Errorf("another host heard %v", other.heard)
	}
	access.PassCredentialsAll = true
	if _, err := fetch(Source{URL: server.URL, Chart: "web", Version: "1.1.0", Access: access}); err != nil || len(other.heard) != 1 {
		t.Errorf("passCredentialsAll: heard %v, %v", other.heard, err)
	}
}

func TestCredentialsInTheAddressWork(t *testing.T) {
	server := newFakeRepository(t, indexOf("1.0.0 web-1.0.0.tgz"))
	server.user = "me:" + canary
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword("me", canary)
	got, err := fetch(Source{URL: address.String(), Chart: "web"})
	if err != nil || strings.Contains(got.Reference, canary) {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestMessagesHoldNoCredentials(t *testing.T) {
	server := newFakeRepository(t, indexOf("1.0.0 web-1.0.0.tgz 00", "1.1.0 http://me:"+canary+"@127.0.0.1:1/x.tgz?token="+canary))
	server.user = "someone:else"
	open := newFakeRepository(t, server.index)
	withUser := func(address string) string {
		return strings.Replace(address, "://", "://me:"+canary+"@", 1) + "?token=" + canary
	}
	access := Access{Username: "me", Password: canary, BearerToken: canary}
	sources := []Source{
		{URL: withUser(server.URL), Chart: "web"},
		{URL: withUser(open.URL), Chart: "web", Version: "1.0.0"},
		{URL: withUser(open.URL), Chart: "web", Version: "1.1.0"},
		{URL: withUser(open.URL), Chart: "nope", Access: access},
		{URL: withUser("http://127.0.0.1:1/"), Chart: "web", Access: access},
		{URL: withUser("https://127.0.0.1:1/"), Chart: "web", Access: access},
		{URL: withUser("http://169.254.169.254/"), Chart: "web", Access: access},
		{URL: "http://me:" + canary + "@[::1", Chart: "web"},
		{URL: withUser("oci://127.0.0.1:1/charts"), Chart: "web", Version: "1.0.0"},
	}
	for _, source := range sources {
		_, err := fetch(source)
		if _, known := problem.From(err); !known || strings.Contains(err.Error(), canary) {
			t.Errorf("got %v", err)
		}
	}
	_, err := NewFetcher(Options{}).Fetch(context.Background(), fair.Caller{}, Source{Kind: "oci", Reference: "me:" + canary + "@127.0.0.1:1/a/b:1"}, nil)
	if err == nil || strings.Contains(err.Error(), canary) {
		t.Errorf("got %v", err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", access, Source{Access: access}, access, &access); strings.Contains(text, canary) {
		t.Errorf("formatting shows %s", text)
	}
}

func TestHTTPSIsNotLeft(t *testing.T) {
	plain := newFakeRepository(t, indexOf("1.0.0 web-1.0.0.tgz"))
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved/index.yaml" {
			http.Redirect(w, r, plain.URL+"/index.yaml", http.StatusFound)
			return
		}
		fmt.Fprint(w, indexOf("1.0.0 "+plain.URL+"/web-1.0.0.tgz"))
	}))
	defer secure.Close()
	for _, path := range []string{"/moved", "/"} {
		_, err := fetch(Source{URL: secure.URL + path, Chart: "web", Access: Access{InsecureSkipTLSVerify: true}})
		wantCode(t, err, problem.AddressRefused)
	}
	if asked := plain.asked(); len(asked) > 0 {
		t.Errorf("asked %v over http", asked)
	}
}

func TestSameSite(t *testing.T) {
	parse := func(text string) origin {
		address, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return originOf(address)
	}
	for _, test := range []struct {
		owner, other string
		want         bool
	}{
		{"https://registry-1.docker.io", "https://auth.docker.io/token", true},
		{"https://registry.gitlab.com", "https://gitlab.com/jwt/auth", true},
		{"https://registry.example.com", "https://registry.example.com:8443/token", true},
		{"https://REGISTRY.example.com.", "https://registry.example.com/token", true},
		{"https://registry.example.com", "http://registry.example.com/token", false},
		{"http://registry.example.com", "http://auth.example.com/token", true},
		{"https://registry.example.com", "https://registry.example.org/token", false},
		{"https://a.github.io", "https://b.github.io", false},
		{"https://a.co.uk", "https://b.co.uk", false},
		{"https://a.ns.svc.cluster.local", "https://b.ns.svc.cluster.local", false},
		{"http://127.0.0.1:5000", "http://127.0.0.1:5001/token", true},
		{"http://127.0.0.1:5000", "http://127.0.0.2:5000/token", false},
		{"https://10.0.0.1", "https://11.0.0.1", false},
		{"http://localhost:5000", "http://localhost:5001", true},
	} {
		if got := parse(test.owner).sameSite(parse(test.other)); got != test.want {
			t.Errorf("%s and %s: %v", test.owner, test.other, got)
		}
	}
}
