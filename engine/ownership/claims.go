package ownership

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"helm.sh/helm/v4/pkg/storage"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/problem"
	"walm.io/engine/yamltext"
)

// Claims enforces the rules of one operation about objects, where its requests leave the engine, so that nothing that
// Helm or the engine does bypasses them:
//
//   - an object that does not exist is created only if it still does not exist, so two releases never create one object,
//     however simultaneous;
//   - an operation that could not get one of its objects creates no further ones, so of releases that need the same
//     objects at once, one gets all of them;
//   - an existing object is changed only if it is the one that was read, and belongs to the release;
//   - nothing is applied to an object that is being deleted: the operation waits for it;
//   - only the very object that was judged is deleted.
//
// Safe for concurrent use.
type Claims struct {
	owner Owner
	seen  seen
	// until is when waiting for objects that are being deleted ends.
	until time.Time
	// recorded are paths of objects in revisions of the release: these belong to it even without its metadata.
	recorded map[string]bool
	// waits is called with the object that the operation waits for.
	waits func(Hanging)
	// Gone tells whether a release no longer exists; nil: unknown.
	Gone func(Owner) bool
	// lost is why an object could not be obtained.
	lost atomic.Pointer[problem.Problem]
	// Inherits is called for a definition that such a release has left, and that belongs to the operation's release
	// from now on.
	Inherits func(definition string, from Owner)
}

// Hanging is an object that is being deleted but not gone.
type Hanging struct {
	Object     problem.ObjectRef
	Finalizers []string
}

// Why says what keeps the object, for messages.
func (h Hanging) Why() string {
	if len(h.Finalizers) == 0 {
		return "it is still ending"
	}
	return "it is held by the finalizer " + strings.Join(h.Finalizers, ", ")
}

// maxWait bounds the wait for objects that are being deleted if the operation has no time limit of its own.
const maxWait = 5 * time.Minute

// New creates the rules of an operation on a release. waits may be nil.
func New(owner Owner, waits func(Hanging)) *Claims {
	if waits == nil {
		waits = func(Hanging) {}
	}
	return &Claims{owner: owner, until: time.Now().Add(maxWait), recorded: map[string]bool{}, waits: waits}
}

// Within sets how long to wait for objects that are being deleted from now on; 0 changes nothing.
func (c *Claims) Within(limit time.Duration) {
	if limit > 0 {
		c.until = time.Now().Add(limit)
	}
}

// Until is when waiting ends.
func (c *Claims) Until() time.Time { return c.until }

// Expect makes the reads of these paths count, so that they need not be repeated.
func (c *Claims) Expect(paths []string) { c.seen.expect(paths) }

// Recorded adds objects that a revision of the release names. Call it before any of them is applied.
func (c *Claims) Recorded(paths []string) {
	for _, path := range paths {
		c.recorded[path] = true
	}
}

// Present returns the objects that existed when they were read.
func (c *Claims) Present() []types.UID { return c.seen.present() }

// Note stores the response to a read.
func (c *Claims) Note(request *http.Request, response *http.Response) error {
	if c == nil || !c.seen.expects(request, response) {
		return nil
	}
	if err := c.inherit(request, response); err != nil {
		return err
	}
	return c.seen.note(request, response)
}

// definitions is the path of definitions.
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"

// inherit shows a definition that was left by a deleted release as the release's own: no other release can use it, and
// a chart that templates its definitions could otherwise never be installed again under another name.
func (c *Claims) inherit(request *http.Request, response *http.Response) error {
	if c.Gone == nil || response.StatusCode != http.StatusOK || !strings.HasPrefix(request.URL.Path, definitions) {
		return nil
	}
	live, _, err := objectOf(response)
	if err != nil {
		return err
	}
	from, ok := AnnotatedOwner(live)
	if !ok || from == c.owner || live.DeletionTimestamp != nil || !c.Gone(from) {
		return nil
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	var object unstructured.Unstructured
	if err := object.UnmarshalJSON(body); err != nil {
		return err
	}
	c.owner.Mark(&object)
	labels := object.GetLabels()
	if labels == nil {
		labels = map[string]string{}
	}
	labels[managedByLabel] = managedByHelm
	object.SetLabels(labels)
	if body, err = object.MarshalJSON(); err != nil {
		return err
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	c.Inherits(live.Name, from)
	return nil
}

// Send sends a request that is not a read, if the rules allow it. Errors: RESOURCE_EXISTS, OBJECT_BEING_DELETED.
func (c *Claims) Send(request *http.Request, send func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	if c == nil {
		return send(request)
	}
	request, err := readable(request)
	if err != nil {
		return nil, err
	}
	if request.URL.Query().Has("dryRun") {
		return send(request)
	}
	switch request.Method {
	case http.MethodPatch:
		return c.patch(request, send)
	case http.MethodDelete:
		if err := judged(request); err != nil {
			return nil, err
		}
	}
	return send(request)
}

const (
	// tries bounds how often a patch is retried because the object changed meanwhile.
	tries = 20
	// Exact is how many of the tries require the exact version that was read. An object that changes all the time is
	// then identified by its UID only.
	Exact = 10
)

func (c *Claims) patch(request *http.Request, send func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	kind := patchType(request)
	if kind == types.JSONPatchType || request.Body == nil {
		return send(request)
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	wanted, err := parsePatch(body)
	if err != nil {
		return send(withBody(request, body))
	}
	if wanted.pinned() {
		return nil, errPinned
	}
	defer c.seen.forget(request.URL.Path)
	live, known := c.seen.at(request.URL.Path)
	for attempt := 1; ; attempt++ {
		if !known {
			if live, err = c.look(request, send); err != nil {
				return nil, err
			}
		}
		if live, err = c.mayPatch(wanted, live, kind == types.ApplyPatchType, request, send); err != nil {
			return nil, err
		}
		if lost := c.lost.Load(); lost != nil && live == nil {
			return nil, lost
		}
		response, err := send(withBody(request, wanted.onlyIf(live, attempt <= Exact)))
		if err != nil || response.StatusCode != http.StatusConflict || attempt == tries {
			return response, err
		}
		if lost, err := lostRace(response); err != nil || !lost {
			return response, err
		}
		known = false
	}
}

func patchType(request *http.Request) types.PatchType {
	return types.PatchType(strings.Split(request.Header.Get("Content-Type"), ";")[0])
}

// errPinned keeps documents from bringing conditions of their own, which would be sent in place of those of these rules.
var errPinned = errors.New("an object was about to be written under a condition of its document: this is a defect of the engine")

// readable converts an apply to a form that the API server can always parse, which accepts JSON as YAML.
func readable(request *http.Request) (*http.Request, error) {
	if request.Method != http.MethodPatch || patchType(request) != types.ApplyPatchType || request.Body == nil {
		return request, nil
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	return withBody(request, yamltext.Escape(body)), nil
}

// mayPatch returns the present object that may be patched; nil if it is to be created.
func (c *Claims) mayPatch(
	wanted *patch, live *metav1.ObjectMeta, whole bool, request *http.Request, send func(*http.Request) (*http.Response, error),
) (*metav1.ObjectMeta, error) {
	live, err := c.settled(live, func() (*metav1.ObjectMeta, error) { return c.look(request, send) }, func() problem.ObjectRef {
		return named(wanted.object, request)
	}, request)
	if live == nil || err != nil {
		return nil, err
	}
	claims := !whole || c.owner.Owns(&wanted.meta)
	_, taken := AnnotatedOwner(live)
	switch {
	case c.owner.Owns(live) || isAnnotatedFor(live, c.owner):
		return live, nil
	case claims && (taken || !c.recorded[request.URL.Path]), !claims && IsHook(&wanted.meta) && (taken || !IsHook(live)):
		lost := Taken(named(wanted.object, request), live)
		c.lost.Store(lost)
		return nil, lost
	default:
		return live, nil
	}
}

// settled returns an object that is not being deleted: it waits until such a one is gone. Error: OBJECT_BEING_DELETED.
func (c *Claims) settled(
	live *metav1.ObjectMeta, look func() (*metav1.ObjectMeta, error), object func() problem.ObjectRef, request *http.Request,
) (*metav1.ObjectMeta, error) {
	for pause := firstPause; live != nil && live.DeletionTimestamp != nil; pause = min(2*pause, maxPause) {
		hanging := Hanging{Object: object(), Finalizers: live.Finalizers}
		if time.Now().After(c.until) {
			return nil, BeingDeleted(hanging)
		}
		c.waits(hanging)
		select {
		case <-request.Context().Done():
			return nil, request.Context().Err()
		case <-time.After(pause):
		}
		var err error
		if live, err = look(); err != nil {
			return nil, err
		}
	}
	return live, nil
}

// ReadSettled reads an object that is about to be created, once it is not being deleted. Error: OBJECT_BEING_DELETED.
func (c *Claims) ReadSettled(request *http.Request, send func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	response, err := send(request)
	if c == nil || err != nil || response.StatusCode != http.StatusOK {
		return response, err
	}
	live, object, err := objectOf(response)
	if err != nil {
		return nil, err
	}
	look := func() (*metav1.ObjectMeta, error) {
		if response, err = send(request); err != nil {
			return nil, err
		}
		found, _, err := objectOf(response)
		return found, err
	}
	if _, err := c.settled(live, look, func() problem.ObjectRef { return object }, request); err != nil {
		return nil, err
	}
	return response, nil
}

func isAnnotatedFor(object metav1.Object, owner Owner) bool {
	noted, ok := AnnotatedOwner(object)
	return ok && noted == owner
}

// look reads an object; nil if it does not exist.
func (c *Claims) look(request *http.Request, send func(*http.Request) (*http.Response, error)) (*metav1.ObjectMeta, error) {
	question := request.Clone(request.Context())
	question.Method, question.Body, question.GetBody, question.ContentLength = http.MethodGet, nil, nil, 0
	question.URL.RawQuery = ""
	question.Header.Del("Content-Type")
	question.Header.Set("Accept", "application/json")
	response, err := send(question)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode == http.StatusOK || response.StatusCode == http.StatusNotFound {
		object, _, err := objectOf(response)
		return object, err
	}
	return nil, answered(response)
}

// The delays between two reads of an object that is being deleted.
const (
	firstPause = 50 * time.Millisecond
	maxPause   = time.Second
)

func withBody(request *http.Request, body []byte) *http.Request {
	sent := request.Clone(request.Context())
	sent.Body = io.NopCloser(bytes.NewReader(body))
	sent.ContentLength = int64(len(body))
	sent.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return sent
}

// lostRace distinguishes a failed precondition from a conflict about fields, or about a quota, which Helm retries.
func lostRace(response *http.Response) (bool, error) {
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	var status metav1.Status
	if err != nil || json.Unmarshal(body, &status) != nil {
		return false, err
	}
	fields := status.Details != nil && len(status.Details.Causes) > 0
	return !fields && !strings.Contains(status.Message, "resourcequotas"), nil
}

// recordPath is part of the path of each of Helm's records: code that removes one has checked the release before.
const recordPath = "/secrets/" + storage.HelmStorageType + "."

var errUnjudged = errors.New("an object was about to be deleted without having been read first: this is a defect of the engine")

// judged refuses a deletion that does not name the exact object.
func judged(request *http.Request) error {
	if strings.Contains(request.URL.Path, recordPath) {
		return nil
	}
	if request.GetBody == nil {
		return errUnjudged
	}
	body, err := request.GetBody()
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	var options metav1.DeleteOptions
	if err := json.NewDecoder(body).Decode(&options); err != nil || options.Preconditions == nil || options.Preconditions.UID == nil {
		return errUnjudged
	}
	return nil
}
