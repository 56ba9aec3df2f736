package registry

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func serve(t *testing.T, options Options) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	options.Folder, options.Log = t.TempDir(), io.Discard
	go func() { ended <- Serve(ctx, listener, options) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("it ended with %v", err)
		}
	})
	return "http://" + listener.Addr().String() + "/v2/"
}

func statusOf(t *testing.T, url, username, password string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if username != "" {
		request.SetBasicAuth(username, password)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

func TestWithoutAPasswordEverybodyMay(t *testing.T) {
	if got := statusOf(t, serve(t, Options{}), "", ""); got != http.StatusOK {
		t.Errorf("answer is %d", got)
	}
}

func TestWithAPasswordOnlyItsOwnerMay(t *testing.T) {
	url := serve(t, Options{Username: "alice", Password: "secret"})
	for _, c := range []struct {
		username, password string
		want               int
	}{
		{"alice", "secret", http.StatusOK},
		{"alice", "wrong", http.StatusUnauthorized},
		{"bob", "secret", http.StatusUnauthorized},
		{"", "", http.StatusUnauthorized},
	} {
		if got := statusOf(t, url, c.username, c.password); got != c.want {
			t.Errorf("%s:%s gets %d, want %d", c.username, c.password, got, c.want)
		}
	}
}

func TestHalfACredentialIsRefused(t *testing.T) {
	for _, options := range []Options{{Username: "alice"}, {Password: "secret"}, {Username: "alice", Password: strings.Repeat("x", 73)}} {
		if options.Validate() == nil {
			t.Errorf("%+v is accepted", options)
		}
	}
}
