package registry

import (
	"net/http"
	"strings"
	"sync"
)

// partner is who had the last word in a conversation.
type partner int

const (
	// somebodyElse is whoever has not shown to be a registry, or is where one leads to: none of the caller's business.
	somebodyElse partner = iota
	registryItself
	// tokenService is what the registry named as its token service.
	tokenService
)

// conversation is a transport to a registry and to where that leads. Credentials reach the registry and its token service
// only: the registry names the address of the token service, and a hijacked one would name its own. It remembers who spoke
// last, since only a registry is believed.
type conversation struct {
	*hops

	owner origin

	mutex sync.Mutex
	// withheld is the host that asked for credentials and did not get them.
	withheld string
	// met is set once the owner has answered in the form of a registry.
	met bool
	// stage is whom the last request was for.
	stage partner
}

// newConversation is with the registry at an origin.
func newConversation(owner origin, heard *hops) *conversation {
	return &conversation{hops: heard, owner: owner}
}

// partner tells who had the last word.
func (c *conversation) partner() partner {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !c.met {
		return somebodyElse
	}
	return c.stage
}

// believe says that what came from the registry's address has shown what it is.
func (c *conversation) believe() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.met = c.met || c.stage == registryItself
}

// RoundTrip notes whom a request is for, and whether a registry has answered.
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

// withheldFrom is the host that did not get the credentials, "" if none asked.
func (c *conversation) withheldFrom() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.withheld
}
