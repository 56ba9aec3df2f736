package registry

import (
	"net/http"
	"sync"
)

// siteCredentials is a transport that lets credentials reach the registry and its token service only: the registry
// names the address of the token service, and a hijacked one would name its own.
type siteCredentials struct {
	next  http.RoundTripper
	owner origin

	mutex sync.Mutex
	// withheld is the host that asked for credentials and did not get them.
	withheld string
}

func (s *siteCredentials) RoundTrip(request *http.Request) (*http.Response, error) {
	target := originOf(request.URL)
	if request.Header.Get("Authorization") == "" || target == s.owner || s.owner.sameSite(target) {
		return s.next.RoundTrip(request)
	}
	s.mutex.Lock()
	s.withheld = target.host
	s.mutex.Unlock()
	anonymous := request.Clone(request.Context())
	anonymous.Header.Del("Authorization")
	return s.next.RoundTrip(anonymous)
}

// withheldFrom is the host that did not get the credentials, "" if none asked.
func (s *siteCredentials) withheldFrom() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.withheld
}
