package client

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	// configGroup and configPlural are the place of Walm's own objects, which contain the values of their releases.
	configGroup  = "/apis/apiextensions.transwarp.io/v1beta1/"
	configPlural = "/releaseconfigs/"
	// onlyMetadata is the media type that requests an object without its content.
	onlyMetadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
	// strictBytes is the maximum size, in bytes, of an applied ReleaseConfig for which the API server checks for
	// duplicate keys: Walm generates it, and for a large one the check takes half of the time of the request.
	strictBytes = 64 << 10
)

// leanConfigs transfers no more content of ReleaseConfigs than an operation needs, because the operation itself wrote
// it.
type leanConfigs struct {
	// briefly tells that reads need the metadata of an object only.
	briefly atomic.Bool
	// full counts the readers that need the content anyway.
	full atomic.Int32
}

// roundTrip sends a request; one about a ReleaseConfig in its reduced form.
func (l *leanConfigs) roundTrip(request *http.Request, send func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	path := request.URL.Path
	if l == nil || !strings.HasPrefix(path, configGroup) || !strings.Contains(path, configPlural) {
		return send(request)
	}
	query := request.URL.Query()
	applies := request.Method == http.MethodPatch && !query.Has("dryRun") &&
		strings.HasPrefix(request.Header.Get("Content-Type"), string(types.ApplyPatchType))
	reads := request.Method == http.MethodGet && l.briefly.Load() && l.full.Load() == 0
	if !applies && !reads {
		return send(request)
	}
	request = request.Clone(request.Context())
	request.Header.Set("Accept", onlyMetadata)
	if applies && request.ContentLength > strictBytes {
		query.Set("fieldValidation", metav1.FieldValidationIgnore)
		request.URL.RawQuery = query.Encode()
	}
	response, err := send(request)
	if err != nil || response.StatusCode >= http.StatusMultipleChoices {
		return response, err
	}
	return response, restoreKind(response)
}

// restoreKind restores the kind of an object that came without its content.
func restoreKind(response *http.Response) error {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	var found map[string]json.RawMessage
	if err := json.Unmarshal(body, &found); err == nil && string(found["kind"]) == `"PartialObjectMetadata"` {
		found["apiVersion"], found["kind"] = json.RawMessage(`"apiextensions.transwarp.io/v1beta1"`), json.RawMessage(`"ReleaseConfig"`)
		if body, err = json.Marshal(found); err != nil {
			return err
		}
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return nil
}

// ReadBriefly makes reads of ReleaseConfigs return only their metadata from now on: enough to tell whose an object is,
// and whether it has changed.
func (s *Session) ReadBriefly() { s.lean.briefly.Store(true) }

// InFull makes reads by this function return the content.
func (s *Session) InFull(read func()) {
	s.lean.full.Add(1)
	defer s.lean.full.Add(-1)
	read()
}
