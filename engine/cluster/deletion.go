package cluster

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/excerpt"
	"walm.io/engine/guard"
	"walm.io/engine/manifest"
	"walm.io/engine/ownership"
	"walm.io/engine/problem"
	"walm.io/engine/refusal"
)

// objectKept is the code of the warning about an object that stays although the operation would delete it.
const objectKept = "OBJECT_KEPT"

const (
	// parallelDeletions bounds the concurrent deletions of one kind.
	parallelDeletions = 16
	// deletionTries bounds how often an object is judged again because it changed meanwhile.
	deletionTries = 20
	// reasonBytes bounds why an object cannot be judged.
	reasonBytes = 1 << 10
)

// makesNothing are kinds whose objects have no dependents: there is nothing to wait for before they are gone.
var makesNothing = map[schema.GroupKind]bool{
	{Kind: "ConfigMap"}:      true,
	{Kind: "Secret"}:         true,
	{Kind: "ServiceAccount"}: true,
	{Kind: "LimitRange"}:     true,
	{Kind: "ResourceQuota"}:  true,

	{Group: "rbac.authorization.k8s.io", Kind: "Role"}:               true,
	{Group: "rbac.authorization.k8s.io", Kind: "RoleBinding"}:        true,
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole"}:        true,
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding"}: true,
	{Group: "networking.k8s.io", Kind: "NetworkPolicy"}:              true,
	{Group: "policy", Kind: "PodDisruptionBudget"}:                   true,
	{Group: "autoscaling", Kind: "HorizontalPodAutoscaler"}:          true,
	{Group: "scheduling.k8s.io", Kind: "PriorityClass"}:              true,
}

// Remove is the only way in which an operation deletes objects of the cluster: each is read, judged, and deleted on the
// condition that it has not changed since. Kinds are deleted one after the other in the order of the list, like in
// Helm. It returns those that are gone or being deleted; those that stay are warnings, and recorded in `left`.
func (c *Client) Remove(list kube.ResourceList, policy metav1.DeletionPropagation) (removed kube.ResourceList, failures []error) {
	for begin := 0; begin < len(list); {
		end := begin + 1
		for end < len(list) && list[end].Mapping.GroupVersionKind.Kind == list[begin].Mapping.GroupVersionKind.Kind {
			end++
		}
		batch := list[begin:end]
		kept := make([]string, len(batch))
		errs := guard.Each(len(batch), parallelDeletions, func(index int) (err error) {
			kept[index], err = c.removeOne(batch[index], policy)
			return err
		})
		for index, info := range batch {
			switch {
			case errs[index] != nil:
				failures = append(failures, errs[index])
			case kept[index] != "":
				c.leave(info, kept[index])
			default:
				removed = append(removed, info)
			}
		}
		begin = end
	}
	return removed, failures
}

// removeOne returns why the object stays; "" if it is gone or being deleted.
func (c *Client) removeOne(info *resource.Info, policy metav1.DeletionPropagation) (kept string, err error) {
	helper := resource.NewHelper(info.Client, info.Mapping).WithFieldManager(FieldManager)
	if isConfigObject(info) || makesNothing[info.Mapping.GroupVersionKind.GroupKind()] {
		// In the foreground it would wait for the garbage collector, which reads and patches each object before it
		// removes it, and takes up to 30 s to notice a new kind.
		policy = metav1.DeletePropagationBackground
	}
	for attempt := range deletionTries {
		var live metav1.Object
		if live, kept, err = c.Judge(info); live == nil || kept != "" || err != nil {
			return kept, err
		}
		uid, version := live.GetUID(), live.GetResourceVersion()
		condition := &metav1.Preconditions{UID: &uid, ResourceVersion: &version}
		if attempt >= ownership.Exact {
			condition.ResourceVersion = nil
		}
		_, err = helper.DeleteWithOptions(info.Namespace, info.Name, &metav1.DeleteOptions{PropagationPolicy: &policy, Preconditions: condition})
		if !apierrors.IsConflict(err) {
			break
		}
	}
	if err == nil || apierrors.IsNotFound(err) {
		return "", nil
	}
	return "", notDeleted(info, err)
}

func notDeleted(info *resource.Info, err error) error {
	object := RefOf(info)
	return &refusal.ObjectError{Object: object, Cause: fmt.Errorf(
		"failed to delete resource namespace=%s, name=%s, kind=%s: %w", object.Namespace, object.Name, object.Kind, err)}
}

// foretellDeletion asks the cluster whether it would let an object go that was judged: a dry run of its deletion.
func (c *Client) foretellDeletion(info *resource.Info, live metav1.Object) error {
	uid := live.GetUID()
	_, err := resource.NewHelper(info.Client, info.Mapping).DryRun(true).DeleteWithOptions(info.Namespace, info.Name,
		&metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}, Preconditions: &metav1.Preconditions{UID: &uid}})
	if err == nil || apierrors.IsNotFound(err) || apierrors.IsConflict(err) || supportsNoDryRun(err) {
		return nil
	}
	return notDeleted(info, err)
}

// Judge reads an object to be deleted, and returns why it stays. It returns no object if there is none, or if it is
// already being deleted.
func (c *Client) Judge(info *resource.Info) (live metav1.Object, kept string, err error) {
	found, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name)
	if apierrors.IsNotFound(err) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	if live, err = meta.Accessor(found); err != nil {
		return nil, "", err
	}
	if live.GetDeletionTimestamp() != nil {
		return nil, "", nil
	}
	recorded, err := meta.Accessor(info.Object)
	if err != nil {
		return nil, "", err
	}
	kind := info.Mapping.GroupVersionKind.GroupKind()
	kept = c.host.Owner.Keeps(ownership.DeletionCandidate{Kind: kind, Live: live, Recorded: recorded})
	if kept != "" {
		return live, kept, nil
	}
	if c.Beside.spares(live.GetUID(), RefOf(info)) {
		return live, "it was there before the revision that failed", nil
	}
	switch kind {
	case ownership.NamespaceKind:
		kept, err = c.whyNamespaceStays(live.GetName())
	case ownership.DefinitionKind:
		kept, err = c.whyDefinitionStays(found)
	}
	return live, kept, err
}

// leave records that an object stays.
func (c *Client) leave(info *resource.Info, why string) {
	c.LeaveObject(RefOf(info), why)
}

// LeaveObject records that an object stays, as a warning, once.
func (c *Client) LeaveObject(object problem.ObjectRef, why string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.Left == nil {
		c.Left = map[problem.ObjectRef]bool{}
	}
	if c.Left[object] {
		return
	}
	c.Left[object] = true
	c.host.Warn(problem.Warning{
		Code: objectKept, Object: &object,
		Message: fmt.Sprintf("%s %s stays in the cluster: %s", object.Kind, object.Name, why),
	})
}

// withoutLeft returns the objects that are not left in place.
func (c *Client) withoutLeft(list kube.ResourceList) kube.ResourceList {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return list.Filter(func(info *resource.Info) bool { return !c.Left[RefOf(info)] })
}

// DeleteErrors are those of all deletions so far, none of which Helm returns.
func (c *Client) DeleteErrors() []error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.deleteErrs
}

// Fate is what an operation would do to one object that the release would not have any longer, and why.
type Fate struct {
	Object  problem.ObjectRef `json:"object"`
	Outcome string            `json:"outcome"`
	Reason  string            `json:"reason"`
}

// Outcomes of such an object.
const (
	FateDeleted = "deleted"
	FateKept    = "kept"
	FateAbsent  = "gone"
	FateUnknown = "unknown"
)

// Foretell judges objects as Remove does, in their order. An object that cannot be judged says why. refused is what the cluster
// would refuse the deletions with, where it is asked (by dry runs of them).
func (c *Client) Foretell(list kube.ResourceList, asks bool) (fates []Fate, refused error) {
	fates = make([]Fate, len(list))
	refusals := make([]error, len(list))
	failures := guard.Each(len(list), parallelDeletions, func(index int) error {
		fates[index] = Fate{Object: RefOf(list[index]), Outcome: FateDeleted}
		live, kept, err := c.Judge(list[index])
		switch {
		case err != nil:
			return err
		case kept != "":
			fates[index].Outcome, fates[index].Reason = FateKept, kept
		case live == nil:
			fates[index].Outcome, fates[index].Reason = FateAbsent, "it is not there any longer, or is being deleted"
		case asks:
			refusals[index] = c.foretellDeletion(list[index], live)
		}
		return nil
	})
	for index, failure := range failures {
		if failure != nil {
			fates[index] = Fate{Object: RefOf(list[index]), Outcome: FateUnknown, Reason: excerpt.Of(failure.Error(), reasonBytes)}
		}
	}
	return fates, errors.Join(refusals...)
}

// ForetellDropped foretells what an upgrade to a manifest does to the objects that only the revision has which it is compared
// with, and to those beside them. Those that stay are warnings, too. Like Foretell otherwise.
func (c *Client) ForetellDropped(recorded *release.Release, text string, asks bool) (fates []Fate, refused, err error) {
	scopes := c.host.Cluster.Scopes(c.host.Context, nil)
	named := map[identity]bool{}
	for _, document := range manifest.DocumentsOf(text, recorded.Namespace, scopes) {
		named[identity{document.GroupKind(), document.Namespace, document.Name}] = true
	}
	dropped := slices.DeleteFunc(manifest.EntriesOfManifest(recorded.Manifest), func(entry *manifest.Entry) bool {
		documents := manifest.Entries{entry}.Documents(recorded.Namespace, scopes)
		return len(documents) == 1 && named[identity{documents[0].GroupKind(), documents[0].Namespace, documents[0].Name}]
	})
	var list kube.ResourceList
	if len(dropped) > 0 {
		if list, err = c.Build(strings.NewReader(dropped.Manifest()), false); err != nil {
			return nil, nil, err
		}
	}
	beside, err := c.besides(list)
	if err != nil {
		return nil, nil, err
	}
	list = append(list, beside...)
	list = list.Filter(func(info *resource.Info) bool { return !named[identityOf(info)] })
	fates, refused = c.Foretell(list, asks)
	for _, fate := range fates {
		if fate.Outcome == FateKept {
			c.LeaveObject(fate.Object, fate.Reason)
		}
	}
	return fates, refused, c.host.Context.Err()
}
