package registry

import (
	"net/http"
	"strings"
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
	// registry is set once something answered in the form of a registry.
	registry bool
}

// metRegistry tells whether a registry is there: other programs that speak HTTP are none of the caller's business.
func (s *siteCredentials) metRegistry() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.registry
}

// answersAsRegistry tells a registry by its header, or by the type of what it sends, errors included.
func answersAsRegistry(response *http.Response) bool {
	kind := response.Header.Get("Content-Type")
	return response.Header.Get("Docker-Distribution-Api-Version") != "" ||
		strings.HasPrefix(kind, "application/json") || strings.HasPrefix(kind, "application/vnd.")
}

func (s *siteCredentials) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := s.send(request)
	if err == nil && originOf(request.URL) == s.owner && answersAsRegistry(response) {
		s.mutex.Lock()
		s.registry = true
		s.mutex.Unlock()
	}
	return response, err
}

func (s *siteCredentials) send(request *http.Request) (*http.Response, error) {
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
