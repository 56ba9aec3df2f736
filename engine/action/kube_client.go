package action

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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

// kubeClient is Helm's client with progress, typed errors, and the leniency of a dry run towards kinds that are
// not there yet.
type kubeClient struct {
	*kube.Client

	op *operation
	// lenient (dry runs) leaves out objects of unknown kinds, which `missing` is told about.
	lenient bool
	missing func(documents []manifest.Document)
	// readAhead (installs) reads the objects of a manifest at once: Helm looks for each of them before it creates any.
	// newAhead (upgrades) does so with those that are new; compared are the others, once they are known.
	readAhead, newAhead bool
	compared            kube.ResourceList
	// recorded converts records that contain kinds which the cluster no longer serves; nil: they are errors.
	recorded *recordedConversion
	// beside are the objects that Helm does not know of; they are removed with those that it lists next where `withBeside`.
	beside     beside
	withBeside bool
	// earlier is what was applied before, where an object that a change leaves as it was is left alone; nil: none is.
	earlier *appliedBefore
	// rewrites (nothing is rendered) does not even touch those.
	rewrites bool
	// heedless tells that objects are applied by the client and that nobody wants to force anything: Helm then takes no
	// notice of what others set.
	heedless bool
	// refused tells that an update failed, which may have reached some of the objects.
	refused bool
	// recreate says how objects with changed immutable fields are made anew; empty: they are errors.
	recreate string

	// manifest is what was validated last, hooks left out.
	manifest string

	mutex       sync.Mutex
	phase       string
	done, total int
	deleteErrs  []error
	// failure is what a change of objects failed with last, or the wait for them: Helm records its text alone.
	failure error
	// unbuilt is why a manifest could not be turned into objects.
	unbuilt error
	left    map[problem.ObjectRef]bool
}

var (
	_ kube.Interface            = (*kubeClient)(nil)
	_ kube.InterfaceWaitOptions = (*kubeClient)(nil)
)

func newKubeClient(op *operation) *kubeClient {
	inner := &kube.Client{Factory: op.session, Namespace: op.target.Namespace}
	inner.SetLogger(quiet(op.Log))
	return &kubeClient{Client: inner, op: op}
}

// fails keeps why Helm's next record will say that the operation failed.
func (c *kubeClient) fails(err *error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.failure = *err
}

// cutOff tells whether what failed last failed because the cluster went away.
func (c *kubeClient) cutOff() bool {
	c.mutex.Lock()
	failure := c.failure
	c.mutex.Unlock()
	return problem.HasCode(c.op.classify(failure), problem.ClusterUnreachable)
}

// IsReachable saves a request: if the cluster is not reachable, the next request says so.
func (c *kubeClient) IsReachable() error {
	return nil
}

// Build turns a manifest into objects. Errors are of type manifest.UnreadableError.
func (c *kubeClient) Build(reader io.Reader, validate bool) (list kube.ResourceList, err error) {
	defer guard.Into(&err)
	text, err := io.ReadAll(reader)
	if err != nil {
		return nil, err
	}
	if validate {
		c.op.report(progress.Step{Phase: progress.PhaseValidate, Message: "validating the manifest"})
		c.keepValidated(string(text))
	}
	list, err = c.Client.Build(bytes.NewReader(manifest.AsJSONStream(text)), validate)
	if err == nil {
		if validate {
			c.op.claims.Expect(addressesOf(list))
		}
		c.lookAhead(list, validate)
		if c.withBeside && !validate {
			c.withBeside = false
			beside, err := c.besides(list)
			return append(list, beside...), err
		}
		return list, nil
	}
	if c.converts(validate, err) {
		return c.recordedBuild(text, validate)
	}
	if c.lenient && validate && refusal.IsKindUnknown(err) {
		known, unknown := c.op.withoutUnknownKinds(string(text))
		c.missing(unknown)
		if list, err = c.Client.Build(bytes.NewBufferString(known), validate); err == nil {
			return list, nil
		}
	}
	c.unbuilt = err
	return nil, manifest.Unreadable(err)
}

func (c *kubeClient) keepValidated(text string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	// Hooks are built one by one, after the manifest.
	if c.manifest == "" || strings.Contains(text, manifest.SourceComment) {
		c.manifest = text
	}
}

// validated gives the manifest that was validated last.
func (c *kubeClient) validated() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.manifest
}

// lookAhead sends Helm's next reads at once.
func (c *kubeClient) lookAhead(list kube.ResourceList, validate bool) {
	switch {
	case c.newAhead && !validate:
		c.compared = list
	case c.newAhead && c.compared != nil:
		c.op.session.ReadAhead(minus(list, c.compared))
		c.newAhead = false
	case c.readAhead && validate:
		c.op.session.ReadAhead(list)
		c.readAhead = false
	}
}

// Create creates objects, or applies hooks.
func (c *kubeClient) Create(list kube.ResourceList, options ...kube.ClientCreateOption) (result *kube.Result, err error) {
	defer c.fails(&err)
	defer guard.Into(&err)
	c.begin(phaseOf(list), list)
	others, config := splitReleaseConfig(list)
	if len(others) == 0 || len(config) == 0 {
		return c.Client.Create(list, options...)
	}
	// Helm applies kind after kind. Nothing depends on the ReleaseConfig, so it need not wait for its turn.
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

// splitReleaseConfig takes Walm's own object out of the objects of a release.
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

// Update brings objects from one state to another. Helm applies; what the new state does not have is removed here.
func (c *kubeClient) Update(from, to kube.ResourceList, options ...kube.ClientUpdateOption) (result *kube.Result, err error) {
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
	c.op.claims.Recorded(addressesOf(from))
	dropped := minus(from, to)
	result, err = c.apply(minus(from, dropped), to, options...)
	if err != nil || len(dropped) == 0 {
		return result, err
	}
	removed, failures := c.remove(dropped, metav1.DeletePropagationBackground)
	result.Deleted = removed
	return result, errors.Join(failures...)
}

// apply is Helm's update, tried again where something can be done about a refusal.
func (c *kubeClient) apply(from, to kube.ResourceList, options ...kube.ClientUpdateOption) (*kube.Result, error) {
	// Helm's client changes what it is given.
	known := c.known(from)
	left, err := c.leaveUnchanged(known, to)
	if err != nil {
		return &kube.Result{}, err
	}
	from, to = without(from, left), without(to, left)
	c.heedOthers(known, to)
	c.heedScales(known, to)
	retry := copyOf(to)
	result, err := c.Client.Update(from, to, options...)
	if err == nil {
		return result, nil
	}
	settled, err := c.overcome(err, known, retry)
	if err != nil {
		c.refused = true
		return result, err
	}
	from, retry = without(from, settled), without(retry, settled)
	c.begin(progress.PhaseApply, retry)
	result, err = c.Client.Update(from, retry, options...)
	c.refused = err != nil
	return result, err
}

// Delete deletes objects. Helm logs some of the errors and returns none of them, so they are kept here.
func (c *kubeClient) Delete(list kube.ResourceList, policy metav1.DeletionPropagation) (*kube.Result, []error) {
	c.begin(progress.PhaseDelete, list)
	removed, failures := c.remove(list, policy)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.deleteErrs = append(c.deleteErrs, failures...)
	c.failure = errors.Join(failures...)
	return &kube.Result{Deleted: removed}, failures
}

// GetPodList prepares the client that Helm's method needs and does not make itself.
func (c *kubeClient) GetPodList(namespace string, options metav1.ListOptions) (*corev1.PodList, error) {
	if err := c.Client.IsReachable(); err != nil {
		return nil, err
	}
	return c.Client.GetPodList(namespace, options)
}

// GetWaiter is part of kube.Interface.
func (c *kubeClient) GetWaiter(strategy kube.WaitStrategy) (kube.Waiter, error) {
	return c.GetWaiterWithOptions(strategy)
}

// GetWaiterWithOptions gives Helm's waiter with errors that tell hooks and resources apart.
func (c *kubeClient) GetWaiterWithOptions(strategy kube.WaitStrategy, options ...kube.WaitOption) (kube.Waiter, error) {
	inner, err := c.Client.GetWaiterWithOptions(strategy, options...)
	if err != nil {
		return nil, err
	}
	return &waiter{Waiter: inner, kube: c, ctx: c.op.ctx, strategy: strategy, report: c.op.report}, nil
}

// begin starts a phase about a list of objects.
func (c *kubeClient) begin(phase string, list kube.ResourceList) {
	c.mutex.Lock()
	c.phase, c.done, c.total = phase, 0, len(list)
	c.mutex.Unlock()
	progress := progress.Step{Phase: phase, Message: fmt.Sprintf("%s: %d objects", phase, len(list)), Total: len(list)}
	if len(list) == 1 {
		object := refOf(list[0])
		progress.Object = &object
		progress.Message = fmt.Sprintf("%s: %s %s", phase, object.Kind, object.Name)
	}
	c.op.report(progress)
}

// applied notes that one more object of the running phase is done.
func (c *kubeClient) applied() {
	c.mutex.Lock()
	c.done++
	progress := progress.Step{Phase: c.phase, Done: c.done, Total: c.total}
	c.mutex.Unlock()
	if progress.Phase == "" || progress.Done > progress.Total {
		return
	}
	progress.Message = fmt.Sprintf("%s: %d of %d objects", progress.Phase, progress.Done, progress.Total)
	c.op.report(progress)
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

func refOf(info *resource.Info) problem.ObjectRef {
	version, kind := info.Mapping.GroupVersionKind.ToAPIVersionAndKind()
	return problem.ObjectRef{APIVersion: version, Kind: kind, Namespace: info.Namespace, Name: info.Name}
}

// addressesOf gives the paths at which the cluster has objects.
func addressesOf(list kube.ResourceList) []string {
	addresses := make([]string, 0, len(list))
	for _, info := range list {
		if info.Name != "" {
			addresses = append(addresses, client.PathOf(info))
		}
	}
	return addresses
}
