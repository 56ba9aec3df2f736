package registry

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// origin is what credentials are bound to: scheme, host and port together.
type origin struct {
	scheme, host, port string
}

func originOf(address *url.URL) origin {
	scheme := strings.ToLower(address.Scheme)
	port := address.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	return origin{scheme, strings.TrimSuffix(strings.ToLower(address.Hostname()), "."), port}
}

// sameSite tells whether both hosts belong to one owner: the same host, or the same domain below a public suffix
// (auth.docker.io and registry-1.docker.io). Addresses and names without a known public suffix are only their own site.
// The other side must not be less protected.
func (o origin) sameSite(other origin) bool {
	if other.scheme != o.scheme && other.scheme != "https" {
		return false
	}
	if o.host == other.host {
		return true
	}
	site, known := siteOf(o.host)
	otherSite, otherKnown := siteOf(other.host)
	return known && otherKnown && site == otherSite
}

func siteOf(host string) (string, bool) {
	if _, err := netip.ParseAddr(host); err == nil {
		return "", false
	}
	suffix, managed := publicsuffix.PublicSuffix(host)
	if !managed && !strings.Contains(suffix, ".") {
		return "", false
	}
	site, err := publicsuffix.EffectiveTLDPlusOne(host)
	return site, err == nil
}

// display is an address for messages and logs: without user, password, query and fragment, any of which may contain a
// secret.
func display(address *url.URL) string {
	shown := url.URL{Scheme: address.Scheme, Host: address.Host, Path: address.Path}
	return shown.String()
}
