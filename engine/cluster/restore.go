package cluster

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/client"
	"walm.io/engine/problem"
)

// Restoring is what taking a change back came to.
type Restoring struct {
	// Failures are why objects could not be given their applied documents back, or could not be removed.
	Failures []error
	// Left are these objects.
	Left []problem.ObjectRef
}

func (r *Restoring) fails(info *resource.Info, err error) {
	r.Left = append(r.Left, RefOf(info))
	r.Failures = append(r.Failures, err)
}

// Restore takes back what another client of the same operation wrote of a change (`attempted` is its manifest): objects get
// the documents of the applied revision again, recreated where the change recreated them, and what the change created is
// removed, unless a clean-up never deletes it. The others are not touched.
func (c *Client) Restore(by *Client, attempted string, applied *release.Release, options []kube.ClientUpdateOption) (Restoring, error) {
	done := Restoring{}
	changed, err := c.Build(strings.NewReader(attempted), false)
	if err != nil {
		return done, err
	}
	former, err := c.Build(strings.NewReader(applied.Manifest), false)
	if err != nil {
		return done, err
	}
	was := byObject(former)
	created := changed.Filter(func(info *resource.Info) bool {
		return was[objectKey(info)] == nil && by.written.hasCreated(info) && !Stays(info)
	})
	meant := map[string]*resource.Info{}
	for _, info := range changed {
		meant[objectKey(info)] = info
	}
	former = former.Filter(func(info *resource.Info) bool {
		document, ok := meant[objectKey(info)]
		return ok && !sameDocument(contentOf(document), contentOf(info)) && by.written.hasReached(info)
	})
	c.Restores = by.written.changed
	c.Earlier = &appliedBefore{manifest: attempted}
	for _, info := range former {
		if err := markAsHelms(info, applied); err != nil {
			return done, err
		}
		// One by one: Helm's update ends at the first object that it cannot create.
		if _, err := c.Update(kube.ResourceList{meant[objectKey(info)]}, kube.ResourceList{info}, options...); err != nil && !isAsItWas(info) {
			done.fails(info, err)
		}
	}
	for _, info := range slices.Backward(created) {
		if _, errs := c.Remove(kube.ResourceList{info}, metav1.DeletePropagationBackground); len(errs) > 0 {
			done.fails(info, errors.Join(errs...))
		}
	}
	return done, nil
}

// isAsItWas tells whether an object that could not be written has what its document says: the change that is taken back
// has not reached it. False where that cannot be read.
func isAsItWas(info *resource.Info) bool {
	found, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name)
	if err != nil {
		return false
	}
	live, _ := found.(*unstructured.Unstructured)
	return standing{}.holds(contentOf(info), live)
}

// markAsHelms adds the metadata that Helm adds to every object that it applies.
func markAsHelms(info *resource.Info, of *release.Release) error {
	accessor, err := meta.Accessor(info.Object)
	if err != nil {
		return err
	}
	accessor.SetLabels(added(accessor.GetLabels(), map[string]string{"app.kubernetes.io/managed-by": "Helm"}))
	accessor.SetAnnotations(added(accessor.GetAnnotations(), map[string]string{
		"meta.helm.sh/release-name":      of.Name,
		"meta.helm.sh/release-namespace": of.Namespace,
	}))
	return nil
}

func added(entries, more map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, entries)
	maps.Copy(all, more)
	return all
}

// written is what an operation wrote, or may have written, and what it found half-changed. Its zero value is empty.
type written struct {
	mutex sync.Mutex
	// reached are the API paths of writes, true for those that created an object.
	reached map[string]bool
	// changed are the keys of objects that this operation recreates, or that an attempt before it may have recreated.
	changed map[string]bool
}

// Observe notes a write of the operation; without a response it may have arrived.
func (c *Client) Observe(request *http.Request, response *http.Response) {
	refused := response != nil && response.StatusCode >= http.StatusBadRequest && response.StatusCode < http.StatusInternalServerError
	if refused || request.URL.Query().Has("dryRun") {
		return
	}
	w := &c.written
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.reached == nil {
		w.reached = map[string]bool{}
	}
	created := response != nil && response.StatusCode == http.StatusCreated
	w.reached[request.URL.Path] = w.reached[request.URL.Path] || created
}

// hasReached tells whether the operation may have written an object.
func (w *written) hasReached(info *resource.Info) bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	_, found := w.reached[client.PathOf(info)]
	return found
}

// hasCreated tells whether the operation created an object, by applying it.
func (w *written) hasCreated(info *resource.Info) bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.reached[client.PathOf(info)]
}

// meets notes the objects of a change that an earlier attempt may have changed.
func (w *written) meets(known *knownObjects, list []*resource.Info) {
	for _, info := range list {
		if known != nil && known.attempted(info) {
			w.recreates(info)
		}
	}
}

func (w *written) recreates(info *resource.Info) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.changed == nil {
		w.changed = map[string]bool{}
	}
	w.changed[objectKey(info)] = true
}
