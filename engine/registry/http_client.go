package registry

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"time"

	"walm.io/engine/problem"
)

const (
	connectTimeout = 10 * time.Second
	headerTimeout  = 30 * time.Second
	maxRedirects   = 5
)

// errLedAstray is why a redirect is not followed, wherever it leads.
var errLedAstray = errors.New("redirects that are not followed")

// newTransport connects to allowed addresses only. It uses no proxy, because then the proxy's addresses would be
// judged.
func newTransport(addresses AddressPolicy, access Access) (*http.Transport, error) {
	trust := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: access.InsecureSkipTLSVerify}
	if access.CAPEM != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM([]byte(access.CAPEM)) {
			return nil, problem.New(problem.ChartReferenceInvalid, "the CA certificate is not in PEM form: it begins with -----BEGIN CERTIFICATE-----")
		}
		trust.RootCAs = pool
	}
	dialer := &net.Dialer{Timeout: connectTimeout, Control: addresses.control}
	return &http.Transport{
		DialContext:            dialer.DialContext,
		TLSClientConfig:        trust,
		TLSHandshakeTimeout:    connectTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		MaxResponseHeaderBytes: 1 << 20,
		ForceAttemptHTTP2:      true,
		// An archive that a server labels as gzip-encoded must arrive unchanged.
		DisableCompression: true,
	}, nil
}

// followRedirects allows a few redirects, none from https to http, and does not send the address to the next host.
func followRedirects(request *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return problem.New(problem.AddressRefused, "%s redirects more than %d times", display(via[0].URL), maxRedirects).Because(errLedAstray)
	}
	if via[0].URL.Scheme == "https" && request.URL.Scheme != "https" {
		return problem.New(problem.AddressRefused, "%s redirects from https to %s, which is not followed", display(via[0].URL), display(request.URL)).
			Because(errLedAstray)
	}
	request.Header.Del("Referer")
	return nil
}
