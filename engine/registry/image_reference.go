package registry

import (
	"net/netip"
	"strings"

	"github.com/opencontainers/go-digest"
	"oras.land/oras-go/v2/registry"

	"walm.io/engine/problem"
)

const (
	imageScheme      = "oci://"
	plainImageScheme = "oci+http://"
)

// imageReference is the reference of a chart in an OCI registry.
type imageReference struct {
	registry.Reference
	// tag and digest may both be empty; the digest takes precedence.
	tag       string
	digest    digest.Digest
	plainHTTP bool
}

func isImageAddress(address string) bool {
	return strings.HasPrefix(address, imageScheme) || strings.HasPrefix(address, plainImageScheme)
}

// joinImage is the reference of a chart below a folder of a registry.
func joinImage(folder, chart string) string { return strings.TrimSuffix(folder, "/") + "/" + chart }

// parseImageReference reads registry/repository[:tag][@digest], with or without oci://. A + in a tag is written as _,
// since registries do not allow it. Error: CHART_REFERENCE_INVALID.
func parseImageReference(text string) (imageReference, error) {
	rest, plain := strings.CutPrefix(text, plainImageScheme)
	rest = strings.TrimPrefix(rest, imageScheme)
	host, _, _ := strings.Cut(rest, "/")
	if strings.Contains(host, "@") {
		return imageReference{}, problem.New(problem.ChartReferenceInvalid,
			"the chart image holds a user or password: write registry/repository:tag and give credentials separately")
	}
	parsed := imageReference{plainHTTP: plain}
	rest, wanted, pinned := strings.Cut(rest, "@")
	if at := strings.LastIndex(rest, ":"); at > strings.LastIndex(rest, "/") {
		rest, parsed.tag = rest[:at], strings.ReplaceAll(rest[at+1:], "+", "_")
	}
	reference := rest
	if parsed.tag != "" {
		reference += ":" + parsed.tag
	}
	var err error
	if parsed.Reference, err = registry.ParseReference(reference); err == nil && pinned {
		parsed.digest, err = digest.Parse(wanted)
	}
	if err != nil || strings.Contains(rest, "://") {
		return imageReference{}, problem.New(problem.ChartReferenceInvalid,
			"the chart image %q is not valid: write registry/repository:tag or registry/repository@sha256:…", text).Because(err)
	}
	return parsed, nil
}

// wanted is what to request from the registry; "" if any version will do.
func (r imageReference) wanted() string {
	if r.digest != "" {
		return r.digest.String()
	}
	return r.tag
}

// String is the reference without scheme, in the format of chartImage.
func (r imageReference) String() string {
	name := r.Registry + "/" + r.Repository
	if r.tag != "" {
		name += ":" + r.tag
	}
	if r.digest != "" {
		name += "@" + r.digest.String()
	}
	return name
}

// address is the reference with its scheme.
func (r imageReference) address() string {
	if r.plainHTTP {
		return plainImageScheme + r.String()
	}
	return imageScheme + r.String()
}

// origin is the origin for which the credentials are valid.
func (r imageReference) origin() origin {
	scheme, port := "https", "443"
	if r.plainHTTP {
		scheme, port = "http", "80"
	}
	host, given, found := cutPort(r.Host())
	if found {
		port = given
	}
	return origin{scheme, strings.ToLower(host), port}
}

// isThisMachine tells whether a host with or without port is a loopback address or localhost; names are not resolved.
func isThisMachine(host string) bool {
	name, _, _ := cutPort(host)
	address, err := netip.ParseAddr(name)
	return strings.EqualFold(name, "localhost") || (err == nil && address.Unmap().IsLoopback())
}

func cutPort(host string) (string, string, bool) {
	at := strings.LastIndex(host, ":")
	if at < 0 || strings.HasSuffix(host, "]") {
		return strings.Trim(host, "[]"), "", false
	}
	return strings.Trim(host[:at], "[]"), host[at+1:], true
}
