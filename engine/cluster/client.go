// Package cluster reads, applies and deletes the objects of a release: Helm's client of the cluster, with progress,
// typed errors, and protection of objects of others. It knows its operation only as a Host.
package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/client"
	"walm.io/engine/guard"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/refusal"
)

// Client is Helm's client with progress, typed errors, and the leniency of a dry run towards kinds that do not exist
// yet.
type Client struct {
	*kube.Client

	host Host
	// Lenient (dry runs) leaves out objects of unknown kinds, unless Missing, which receives the reason why they cannot be built, returns
	// an error.
	Lenient bool
	Missing func(documents []manifest.Document, cause error) error
	// ReadAhead (installs) reads the objects of a manifest at once: Helm looks for each of them before it creates any.
	// newAhead (upgrades) does so with those that are new; compared are the others, once they are known.
	ReadAhead, NewAhead bool
	compared            kube.ResourceList
	// Recorded converts records that contain kinds which the cluster no longer serves, and builds them; nil: they are
	// errors. Every manifest that an operation builds is a record if it renders nothing.
	Recorded   func(text string, build func(string) (kube.ResourceList, error)) (kube.ResourceList, error)
	Everything bool
	// Beside are the objects that Helm does not know of; they are removed with the next ones that it lists if
	// `withBeside`.
	Beside     Beside
	WithBeside bool
	// Earlier is what was applied before, so that unchanged objects can be skipped; nil: none are.
	Earlier *appliedBefore
	// Rewrites (nothing is rendered) does not even touch those.
	Rewrites bool
	// ClientApply tells that objects are applied by the client and nothing is forced: Helm then ignores what others set.
	ClientApply bool
	// ClientSide tells that objects are applied by the client, forced or not.
	ClientSide bool
	// Adopts (installs) tells that what is updated existed before, and belongs to no revision of the release.
	Adopts  bool
	adopted []adopted
	// Forces tells that fields of others are overwritten.
	Forces bool
	// Refused tells that an update failed, which may have reached some of the objects.
	Refused bool
	// Recreate says how objects with changed immutable fields are recreated; empty: they are errors.
	Recreate string
	// MayRecreate tells that the operation can be asked to do so.
	MayRecreate bool
	// Restores (taking a change back) are the keys of the objects that may be recreated to get their applied documents back.
	Restores map[string]bool
	written  written

	// manifest is what was validated last, without hooks.
	manifest string

	mutex       sync.Mutex
	phase       string
	done, total int
	deleteErrs  []error
	// failure is the last error of changing objects, or of waiting for them: Helm records only its text.
	failure error
	// Unbuilt is why a manifest could not be parsed into objects.
	Unbuilt error
	Left    map[problem.ObjectRef]bool
	// warned are the warnings about fields that were given already.
	warned map[string]bool
}

var (
	_ kube.Interface            = (*Client)(nil)
	_ kube.InterfaceWaitOptions = (*Client)(nil)
)

// New returns the client of one operation.
func New(host Host) *Client {
	inner := &kube.Client{Factory: host.Session, Namespace: host.Owner.Namespace}
	inner.SetLogger(Quiet(host.Log))
	return &Client{Client: inner, host: host}
}

// fails stores why Helm's next record will say that the operation failed.
func (c *Client) fails(err *error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.failure = *err
}

// Failure is the last error of changing objects, or of waiting for them; nil if the last change succeeded.
func (c *Client) Failure() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.failure
}

// IsReachable saves a request: if the cluster is unreachable, the next request fails anyway.
func (c *Client) IsReachable() error {
	return nil
}

// Build parses a manifest into objects. Errors are of type manifest.UnreadableError.
func (c *Client) Build(reader io.Reader, validate bool) (list kube.ResourceList, err error) {
	defer guard.Into(&err)
	text, err := io.ReadAll(reader)
	if err != nil {
		return nil, err
	}
	text = []byte(c.host.Placeholders.Restore(string(text)))
	if validate {
		c.host.Report(progress.Step{Phase: progress.PhaseValidate, Message: "validating the manifest"})
		c.keepValidated(string(text))
	}
	list, err = c.built(bytes.NewReader(manifest.AsJSONStream(text)), validate)
	if err == nil {
		if validate {
			c.host.Claims.Expect(addressesOf(list))
		}
		c.prefetch(list, validate)
		if c.WithBeside && !validate {
			c.WithBeside = false
			beside, err := c.besides(list)
			return append(list, beside...), err
		}
		return list, nil
	}
	if c.converts(validate, err) {
		return c.recordedBuild(text, validate)
	}
	if c.Lenient && validate && refusal.IsKindUnknown(err) {
		known, unknown := c.withoutUnknownKinds(string(text))
		if err := c.Missing(unknown, err); err != nil {
			return nil, err
		}
		if list, err = c.built(bytes.NewBufferString(known), validate); err == nil {
			return list, nil
		}
	}
	c.Unbuilt = err
	return nil, manifest.Unreadable(err)
}

func (c *Client) keepValidated(text string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	// Hooks are built one by one, after the manifest.
	if c.manifest == "" || strings.Contains(text, manifest.SourceComment) {
		c.manifest = text
	}
}

// Validated returns the manifest that was validated last.
func (c *Client) Validated() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.manifest
}

// prefetch sends Helm's next reads concurrently.
func (c *Client) prefetch(list kube.ResourceList, validate bool) {
	switch {
	case c.NewAhead && !validate:
		c.compared = list
	case c.NewAhead && c.compared != nil:
		c.host.Session.ReadAhead(Minus(list, c.compared))
		c.NewAhead = false
	case c.ReadAhead && validate:
		c.host.Session.ReadAhead(list)
		c.ReadAhead = false
	}
}

// Create creates objects, or applies hooks.
func (c *Client) Create(list kube.ResourceList, options ...kube.ClientCreateOption) (result *kube.Result, err error) {
	defer c.fails(&err)
	defer guard.Into(&err)
	c.begin(phaseOf(list), list)
	others, config := splitReleaseConfig(list)
	if len(others) == 0 || len(config) == 0 {
		return c.Client.Create(list, options...)
	}
	// Helm applies kind after kind. Nothing depends on the ReleaseConfig, so it can be applied concurrently.
	applied := guard.InBackground(func() (*kube.Result, error) { return c.Client.Create(config, options...) })
	_, err = c.Client.Create(others, options...)
	if _, configErr := applied(); configErr != nil {
		err = errors.Join(err, configErr)
	}
	if err != nil {
		return nil, err
	}
	return &kube.Result{Created: list}, nil
}

// splitReleaseConfig separates Walm's own object from the other objects of a release.
func splitReleaseConfig(list kube.ResourceList) (others, config kube.ResourceList) {
	for _, info := range list {
		if isConfigObject(info) {
			config.Append(info)
		} else {
			others.Append(info)
		}
	}
	return others, config
}

func isConfigObject(info *resource.Info) bool {
	version, kind := info.Mapping.GroupVersionKind.ToAPIVersionAndKind()
	return version == manifest.ReleaseConfigVersion && kind == manifest.ReleaseConfigKind
}

// Update changes objects from one state to another. Helm applies; objects missing in the new state are removed here.
func (c *Client) Update(from, to kube.ResourceList, options ...kube.ClientUpdateOption) (result *kube.Result, err error) {
	// Helm reads the result even after an error.
	result = &kube.Result{}
	defer c.fails(&err)
	defer guard.Into(&err)
	c.begin(progress.PhaseApply, to)
	beside, err := c.besides(from)
	if err != nil {
		return result, err
	}
	from = append(from, beside...)
	if c.Adopts {
		c.rememberAdopted(from, to)
	} else {
		c.host.Claims.Recorded(addressesOf(from))
	}
	dropped := Minus(from, to)
	result, err = c.apply(Minus(from, dropped), to, options...)
	if err != nil || len(dropped) == 0 {
		return result, err
	}
	removed, failures := c.Remove(dropped, metav1.DeletePropagationBackground)
	result.Deleted = removed
	return result, errors.Join(failures...)
}

// apply is Helm's update, retried if something can be done about a refusal.
func (c *Client) apply(from, to kube.ResourceList, options ...kube.ClientUpdateOption) (*kube.Result, error) {
	// Helm's client changes its arguments.
	known := c.known(from)
	left, err := c.leaveUnchanged(known, to)
	if err != nil {
		return &kube.Result{}, err
	}
	if len(left) > 0 {
		from, to = without(from, left), without(to, left)
		c.begin(progress.PhaseApply, to)
	}
	c.keepForeignFields(known, to)
	c.heedScales(known, to)
	c.leaveAggregated(to)
	retry := copyOf(to)
	c.written.meets(known, to)
	result, err := c.update(from, to, options...)
	if err == nil {
		return result, nil
	}
	settled, err := c.resolveRefusal(err, known, retry)
	if err != nil {
		c.Refused = true
		return result, err
	}
	from, retry = without(from, settled), without(retry, settled)
	c.begin(progress.PhaseApply, retry)
	result, err = c.update(from, retry, options...)
	c.Refused = err != nil
	return result, err
}

// Delete deletes objects. Helm logs some of the errors and returns none of them, so they are stored here.
func (c *Client) Delete(list kube.ResourceList, policy metav1.DeletionPropagation) (*kube.Result, []error) {
	c.begin(progress.PhaseDelete, list)
	removed, failures := c.Remove(list, policy)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.deleteErrs = append(c.deleteErrs, failures...)
	c.failure = errors.Join(failures...)
	return &kube.Result{Deleted: removed}, failures
}

// GetPodList creates the client that Helm's method needs but does not create itself.
func (c *Client) GetPodList(namespace string, options metav1.ListOptions) (*corev1.PodList, error) {
	if err := c.Client.IsReachable(); err != nil {
		return nil, err
	}
	return c.Client.GetPodList(namespace, options)
}

// GetWaiter is part of kube.Interface.
func (c *Client) GetWaiter(strategy kube.WaitStrategy) (kube.Waiter, error) {
	return c.GetWaiterWithOptions(strategy)
}

// GetWaiterWithOptions returns Helm's waiter with errors that distinguish hooks from resources.
func (c *Client) GetWaiterWithOptions(strategy kube.WaitStrategy, options ...kube.WaitOption) (kube.Waiter, error) {
	inner, err := c.Client.GetWaiterWithOptions(strategy, options...)
	if err != nil {
		return nil, err
	}
	return &waiter{Waiter: inner, kube: c, ctx: c.host.Context, strategy: strategy, report: c.host.Report}, nil
}

// begin starts a phase about a list of objects.
func (c *Client) begin(phase string, list kube.ResourceList) {
	c.mutex.Lock()
	c.phase, c.done, c.total = phase, 0, len(list)
	c.mutex.Unlock()
	progress := progress.Step{Phase: phase, Message: fmt.Sprintf("%s: %d objects", phase, len(list)), Total: len(list)}
	if len(list) == 1 {
		object := RefOf(list[0])
		progress.Object = &object
		progress.Message = fmt.Sprintf("%s: %s %s", phase, object.Kind, object.Name)
	}
	c.host.Report(progress)
}

// Applied reports one more finished object of the running phase.
func (c *Client) Applied() {
	c.mutex.Lock()
	c.done++
	progress := progress.Step{Phase: c.phase, Done: c.done, Total: c.total}
	c.mutex.Unlock()
	if progress.Phase == "" || progress.Done > progress.Total {
		return
	}
	progress.Message = fmt.Sprintf("%s: %d of %d objects", progress.Phase, progress.Done, progress.Total)
	c.host.Report(progress)
}

func phaseOf(list kube.ResourceList) string {
	for _, info := range list {
		if accessor, err := meta.Accessor(info.Object); err == nil && accessor.GetAnnotations()[release.HookAnnotation] != "" {
			return progress.PhaseHooks
		}
		if info.Mapping.GroupVersionKind.Kind == "CustomResourceDefinition" {
			return progress.PhaseCRDs
		}
	}
	return progress.PhaseApply
}

// RefOf returns the reference of an object.
func RefOf(info *resource.Info) problem.ObjectRef {
	version, kind := info.Mapping.GroupVersionKind.ToAPIVersionAndKind()
	return problem.ObjectRef{APIVersion: version, Kind: kind, Namespace: info.Namespace, Name: info.Name}
}

// addressesOf returns the API paths of objects.
func addressesOf(list kube.ResourceList) []string {
	addresses := make([]string, 0, len(list))
	for _, info := range list {
		if info.Name != "" {
			addresses = append(addresses, client.PathOf(info))
		}
	}
	return addresses
}

// CanBuild tells whether a document by itself can be parsed into objects.
func (c *Client) CanBuild(text string) bool {
	list, err := c.built(strings.NewReader(text), true)
	if err != nil {
		return refusal.IsKindUnknown(err)
	}
	return !slices.ContainsFunc(list, func(info *resource.Info) bool {
		object, err := meta.Accessor(info.Object)
		return info.Name == "" && (err != nil || object.GetGenerateName() == "")
	})
}

// recordedBuild converts and builds again after an error about an unknown kind.
func (c *Client) recordedBuild(manifest []byte, validate bool) (kube.ResourceList, error) {
	return c.Recorded(string(manifest), func(converted string) (kube.ResourceList, error) {
		return c.built(bytes.NewBufferString(converted), validate)
	})
}

// converts tells whether the manifest can be a record that has to be converted after `err`.
func (c *Client) converts(validate bool, err error) bool {
	return c.Recorded != nil && (c.Everything || !validate) && refusal.IsKindUnknown(err)
}
