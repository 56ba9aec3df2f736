package cluster

import (
	"fmt"

	"helm.sh/helm/v4/pkg/kube"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/guard"
	"walm.io/engine/ownership"
	"walm.io/engine/problem"
)

// objectKept is the code of the warning about an object that stays although the operation no longer wants it.
const objectKept = "OBJECT_KEPT"

const (
	// parallelDeletions bounds the deletions of one kind that are under way.
	parallelDeletions = 16
	// deletionTries bounds how often an object is judged anew because it changed meanwhile.
	deletionTries = 20
)

// makesNothing are kinds whose objects nothing is made of: there is nothing to be waited for before they are gone.
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

// Remove is the one way by which an operation deletes objects of the cluster: each is read, judged, and deleted on the
// condition that it still is what was read. Kinds go one after the other in the order of the list, as Helm's do. It
// gives those that are gone or going; those that stay are warnings, and known to `left`.
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

// removeOne gives the reason why the object stays; "" where it is gone or going.
func (c *Client) removeOne(info *resource.Info, policy metav1.DeletionPropagation) (kept string, err error) {
	helper := resource.NewHelper(info.Client, info.Mapping).WithFieldManager(FieldManager)
	if isConfigObject(info) || makesNothing[info.Mapping.GroupVersionKind.GroupKind()] {
		// In the foreground it would wait for the garbage collector, which reads and patches each object before it lets it
		// go, and takes up to 30 s to notice that a kind is new.
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
	object := RefOf(info)
	return "", fmt.Errorf("failed to delete resource namespace=%s, name=%s, kind=%s: %w", object.Namespace, object.Name, object.Kind, err)
}

// Judge reads an object that is to go, and gives the reason why it stays. It gives no object where there is none, or
// where it is being deleted already.
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
	kept = c.host.Owner.Keeps(ownership.Doomed{Kind: kind, Live: live, Recorded: recorded})
	if kept != "" {
		return live, kept, nil
	}
	if c.Beside.spares(live.GetUID(), RefOf(info)) {
		return live, "it was there before the revision that failed", nil
	}
	switch kind {
	case ownership.NamespaceKind:
		kept, err = c.holdsOthers(live.GetName())
	case ownership.DefinitionKind:
		kept, err = c.definesOthers(found)
	}
	return live, kept, err
}

// leave notes that an object stays.
func (c *Client) leave(info *resource.Info, why string) {
	c.LeaveObject(RefOf(info), why)
}

// LeaveObject notes that an object stays, as a warning, once.
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

// withoutLeft gives the objects that are not left in place.
func (c *Client) withoutLeft(list kube.ResourceList) kube.ResourceList {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return list.Filter(func(info *resource.Info) bool { return !c.Left[RefOf(info)] })
}

// DeleteErrors are those of all deletions so far: Helm returns none of them.
func (c *Client) DeleteErrors() []error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.deleteErrs
}
