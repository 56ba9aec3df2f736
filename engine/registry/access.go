package registry

import (
	"encoding/base64"
	"log/slog"
	"net/http"
)

// Access is how to connect to one repository or registry. The credentials are sent to its scheme, host and port only.
type Access struct {
	Username    string `json:"username,omitempty"`
	Password    string `json:"password,omitempty"`
	BearerToken string `json:"bearerToken,omitempty"`
	// CAPEM contains PEM certificates that are trusted in addition to the system's.
	CAPEM string `json:"caPem,omitempty"`
	// InsecureSkipTLSVerify accepts any certificate.
	InsecureSkipTLSVerify bool `json:"insecureSkipTlsVerify,omitempty"`
	// PassCredentialsAll sends the credentials of a repository also to other hosts that its index names, never
	// from https to http.
	PassCredentialsAll bool `json:"passCredentialsAll,omitempty"`
	// PlainHTTP uses http for an OCI registry.
	PlainHTTP bool `json:"plainHttp,omitempty"`
}

// String hides the credentials from every kind of formatting.
func (a Access) String() string { return "***" }

// GoString hides the credentials from %#v.
func (a Access) GoString() string { return a.String() }

// LogValue hides the credentials from logs.
func (a Access) LogValue() slog.Value { return slog.StringValue(a.String()) }

// authorization is the Authorization header, "" for none.
func (a Access) authorization() string {
	switch {
	case a.BearerToken != "":
		return "Bearer " + a.BearerToken
	case a.Username != "" || a.Password != "":
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(a.Username+":"+a.Password))
	}
	return ""
}

// boundCredentials is a transport that decides for each request, including redirects, whether it may carry the
// credentials.
type boundCredentials struct {
	next          http.RoundTripper
	owner         origin
	authorization string
	everywhere    bool
}

func (b boundCredentials) RoundTrip(request *http.Request) (*http.Response, error) {
	target := originOf(request.URL)
	allowed := target == b.owner || (b.everywhere && (target.scheme == "https" || b.owner.scheme == "http"))
	bound := request.Clone(request.Context())
	bound.Header.Del("Authorization")
	if allowed && b.authorization != "" {
		bound.Header.Set("Authorization", b.authorization)
	}
	return b.next.RoundTrip(bound)
}
