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
	// configGroup and configPlural say where Walm's own objects are, which hold the values of their releases.
	configGroup  = "/apis/apiextensions.transwarp.io/v1beta1/"
	configPlural = "/releaseconfigs/"
	// onlyMetadata is how the API server is asked for an object without its content.
	onlyMetadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
	// strictBytes is how large an applied ReleaseConfig may be, in bytes, that the API server reads a second time to find keys
	// that stand there twice: it was written by a program, and of a large one that takes half of the time of the request.
	strictBytes = 64 << 10
)

// leanConfigs sends no more content of ReleaseConfigs to and fro than an operation needs: it wrote what is in them.
type leanConfigs struct {
	// briefly tells that reads are for what the cluster notes of an object, not for its content.
	briefly atomic.Bool
	// full counts those who want the content all the same.
	full atomic.Int32
}

// roundTrip sends a request; one about a ReleaseConfig in its lean form.
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

// restoreKind gives an object that came without its content its kind back, which is what it is known by.
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

// ReadBriefly lets reads of ReleaseConfigs give their metadata only from now on: enough to tell whose an object is, and
// whether it still is what it was.
func (s *Session) ReadBriefly() { s.lean.briefly.Store(true) }

// InFull lets what is read meanwhile come with its content.
func (s *Session) InFull(read func()) {
	s.lean.full.Add(1)
	defer s.lean.full.Add(-1)
	read()
}
