package registry

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"

	"oras.land/oras-go/v2/registry/remote/errcode"
)

// errorBytes bounds what is read of an error to check whether a registry sent it.
const errorBytes = 8 << 10

var (
	// errorCode is the form of a registry's error codes.
	errorCode = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	// tokenChallenge is how a registry sends clients to its token service.
	tokenChallenge = regexp.MustCompile(`(?i)^bearer\s.*realm="https?://`)
)

// answersAsRegistry recognises a registry by its header, the type of a manifest, the challenge with its token service,
// or errors in the format of registries. Any program may return JSON, 404 or 401. What it reads of the body is put
// back.
func answersAsRegistry(response *http.Response) bool {
	header := response.Header
	kind := header.Get("Content-Type")
	challenge := header.Get("Www-Authenticate")
	switch {
	case strings.HasPrefix(header.Get("Docker-Distribution-Api-Version"), "registry/"):
		return true
	case response.StatusCode == http.StatusOK:
		return strings.HasPrefix(kind, "application/vnd.oci.image.") || strings.HasPrefix(kind, "application/vnd.docker.distribution.")
	case response.StatusCode == http.StatusUnauthorized && tokenChallenge.MatchString(challenge) && strings.Contains(challenge, "service="):
		return true
	case response.StatusCode >= http.StatusBadRequest:
		return hasRegistryErrors(response)
	}
	return false
}

func hasRegistryErrors(response *http.Response) bool {
	begin, err := io.ReadAll(io.LimitReader(response.Body, errorBytes))
	response.Body = releasing{io.NopCloser(io.MultiReader(bytes.NewReader(begin), failing{response.Body, err})), closing(response.Body)}
	var said struct {
		Errors errcode.Errors `json:"errors"`
	}
	if json.Unmarshal(begin, &said) != nil || len(said.Errors) == 0 {
		return false
	}
	for _, each := range said.Errors {
		if !errorCode.MatchString(each.Code) {
			return false
		}
	}
	return true
}

func closing(body io.Closer) func() { return func() { _ = body.Close() } }

// failing continues a body, or returns the error that reading it met.
type failing struct {
	rest io.Reader
	err  error
}

func (f failing) Read(target []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return f.rest.Read(target)
}

// isArchive recognises a packed chart by its beginning.
func isArchive(data []byte) bool { return bytes.HasPrefix(data, []byte{0x1f, 0x8b}) }

// releasing is a body that does something more when it is closed.
type releasing struct {
	io.ReadCloser

	release func()
}

func (r releasing) Close() error {
	defer r.release()
	return r.ReadCloser.Close()
}
