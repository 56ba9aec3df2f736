package registry

import (
	"net/http"
	"strings"
	"sync"
)

// partner is who sent the last response in a conversation.
type partner int

const (
	// somebodyElse is any server that has not proved to be a registry, or that one redirects to: its responses are not
	// shown to the caller.
	somebodyElse partner = iota
	registryItself
	// tokenService is the token service that the registry named.
	tokenService
)

// conversation is a transport to a registry and its redirects. Credentials are sent to the registry and its token
// service only: the registry names the address of the token service, and a hijacked one would name its own. It
// remembers who responded last, since only a registry is trusted.
type conversation struct {
	*hops

	owner origin

	mutex sync.Mutex
	// withheld is the host that requested credentials and did not get them.
	withheld string
	// met is set once the owner has responded like a registry.
	met bool
	// stage is the recipient of the last request.
	stage partner
}

// newConversation is with the registry at an origin.
func newConversation(owner origin, heard *hops) *conversation {
	return &conversation{hops: heard, owner: owner}
}

// partner returns who responded last.
func (c *conversation) partner() partner {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !c.met {
		return somebodyElse
	}
	return c.stage
}

// believe records that the registry's address has proved to be a registry.
func (c *conversation) believe() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.met = c.met || c.stage == registryItself
}

// RoundTrip records the recipient of a request, and whether a registry has responded.
func (c *conversation) RoundTrip(request *http.Request) (*http.Response, error) {
	own := originOf(request.URL) == c.owner
	redirected := request.Response != nil
	c.mutex.Lock()
	switch {
	case redirected && c.stage == tokenService:
	case own && (redirected || strings.HasPrefix(request.URL.Path, "/v2/")):
		c.stage = registryItself
	case redirected:
		c.stage = somebodyElse
	default:
		c.stage = tokenService
	}
	asked := c.stage
	c.mutex.Unlock()
	response, err := c.send(request)
	if err == nil && asked == registryItself && answersAsRegistry(response) {
		c.believe()
	}
	return response, err
}

func (c *conversation) send(request *http.Request) (*http.Response, error) {
	target := originOf(request.URL)
	if request.Header.Get("Authorization") == "" || target == c.owner || c.owner.sameSite(target) {
		return c.hops.RoundTrip(request)
	}
	c.mutex.Lock()
	c.withheld = target.host
	c.mutex.Unlock()
	anonymous := request.Clone(request.Context())
	anonymous.Header.Del("Authorization")
	return c.hops.RoundTrip(anonymous)
}

// withheldFrom is the host that did not get the credentials, "" if none requested them.
func (c *conversation) withheldFrom() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.withheld
}
