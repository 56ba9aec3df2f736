package cluster

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/kube"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/problem"
	"walm.io/engine/refusal"
)

// How objects are recreated whose change is refused because a field is immutable.
const (
	recreateOrphan = "orphan"
	recreateDelete = "delete"
)

// recreatable are the kinds that lose no state when they are recreated. With `orphan` the pods and claims of a
// StatefulSet stay and belong to the new one; other kinds would leave their old pods behind.
var recreatable = map[string][]string{
	recreateOrphan: {"StatefulSet"},
	recreateDelete: {
		"StatefulSet", "Deployment", "DaemonSet", "ReplicaSet", "Job", "Service", "ConfigMap", "Secret", "RoleBinding",
		"ClusterRoleBinding", "StorageClass", "PriorityClass",
	},
}

// copyOf returns a list whose objects are not modified when the first one's are applied: an applied object is replaced
// by the live one, which cannot be applied again.
func copyOf(list kube.ResourceList) kube.ResourceList {
	copied := make(kube.ResourceList, 0, len(list))
	for _, info := range list {
		twin := *info
		twin.Object = info.Object.DeepCopyObject()
		copied = append(copied, &twin)
	}
	return copied
}

// resolveRefusal examines the cluster's refusal and does what is allowed about it, so that the update can be retried with
// `list`, without the unchanged objects among those that it names. The replicas of a workload that were set through its
// scale subresource (kubectl scale, an autoscaler) are left to their owner, objects with changed immutable fields are
// deleted if the request says so, or if only that gives them their applied document back, and in an object of which the
// change affects only some fields the others get their live values. It returns the error if nothing was done. Nothing is
// deleted if something else is refused as well: the error is then about that.
func (c *Client) resolveRefusal(failure error, known *knownObjects, list kube.ResourceList) (left map[string]bool, err error) {
	toDelete := map[string]kube.ResourceList{}
	left = map[string]bool{}
	again := false
	unresolved := []error{}
	for _, one := range leaves(failure) {
		object, status, ok := refusedObject(one)
		at := -1
		if ok {
			at = indexOf(object, list)
		}
		switch {
		case at < 0:
			unresolved = append(unresolved, one)
		case onlyScaled(status):
			leaveReplicas(list[at])
			again = true
		case onlyStrategyDefaulted(list[at], status):
			owned, err := c.ownStrategy(list[at], known.before(list[at]))
			if err != nil {
				return nil, err
			}
			again = again || owned
		case known.unchanged(list[at]):
			left[objectKey(list[at])] = true
			again = true
		case c.mayRecreate(list[at], one):
			if err := c.checkSelector(list[at]); err != nil {
				return nil, err
			}
			toDelete[c.Recreate] = append(toDelete[c.Recreate], list[at])
			again = true
		case c.mayRestore(known, list[at], one):
			way, err := c.wayBack(list[at])
			if err != nil {
				return nil, err
			}
			toDelete[way] = append(toDelete[way], list[at])
			again = true
		case known.leaveStored(list[at], c.readLive(list[at]), true):
			again = true
		default:
			unresolved = append(unresolved, one)
		}
	}
	if !again {
		return nil, failure
	}
	if len(toDelete) > 0 && len(unresolved) > 0 {
		return nil, errors.Join(unresolved...)
	}
	for _, way := range []string{recreateOrphan, recreateDelete} {
		if err := c.removeForRecreation(toDelete[way], way); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// indexOf finds the object of a refusal, whose namespace Helm does not always name; -1 if it is ambiguous.
func indexOf(object problem.ObjectRef, list kube.ResourceList) int {
	found := -1
	for at, info := range list {
		if info.Name != object.Name || info.Mapping.GroupVersionKind.Kind != object.Kind {
			continue
		}
		if info.Namespace == object.Namespace {
			return at
		}
		if object.Namespace == "" && found >= 0 {
			return -1
		}
		if object.Namespace == "" {
			found = at
		}
	}
	return found
}

// refusedObject extracts the object and the cluster's response from one error of Helm's client.
func refusedObject(err error) (problem.ObjectRef, metav1.Status, bool) {
	var answer *apierrors.StatusError
	if !errors.As(err, &answer) {
		return problem.ObjectRef{}, metav1.Status{}, false
	}
	object, found := refusal.ObjectOf(err, answer.ErrStatus)
	return object, answer.ErrStatus, found
}

// onlyScaled tells whether the only conflict is about replicas that were set through the scale subresource.
func onlyScaled(status metav1.Status) bool {
	if status.Reason != metav1.StatusReasonConflict || status.Details == nil || len(status.Details.Causes) == 0 {
		return false
	}
	for _, cause := range status.Details.Causes {
		if cause.Field != ".spec.replicas" || !strings.Contains(cause.Message, `with subresource "scale"`) {
			return false
		}
	}
	return true
}

// leaveReplicas removes the replicas from what is applied: their live number stays with its owner.
func leaveReplicas(info *resource.Info) {
	if object, ok := info.Object.(*unstructured.Unstructured); ok {
		unstructured.RemoveNestedField(object.Object, "spec", "replicas")
	}
}

// mayRecreate tells whether an object is refused for an immutable field and the request allows recreating it.
func (c *Client) mayRecreate(info *resource.Info, err error) bool {
	return isImmutable(err) && slices.Contains(recreatable[c.Recreate], info.Mapping.GroupVersionKind.Kind) && !Stays(info)
}

// mayRestore tells whether an object is refused for an immutable field that an attempt which failed has changed by
// recreating the object, and would get its applied document back.
func (c *Client) mayRestore(known *knownObjects, info *resource.Info, err error) bool {
	if !isImmutable(err) || !slices.Contains(recreatable[recreateDelete], info.Mapping.GroupVersionKind.Kind) || Stays(info) {
		return false
	}
	return c.Restores[objectKey(info)] || known.reverts(info)
}

func isImmutable(err error) bool {
	refused := refusal.OfCluster(err)
	return refused != nil && refused.Code == problem.FieldImmutable
}

// checkSelector refuses to recreate an object if the new one would not select the existing pods: with `orphan` they
// would stay forever, and hold the names and claims of their successors. Error: FIELD_IMMUTABLE.
func (c *Client) checkSelector(info *resource.Info) error {
	if c.Recreate != recreateOrphan {
		return nil
	}
	if same, err := c.selectsAsBefore(info); same || err != nil {
		return err
	}
	refused := problem.New(problem.FieldImmutable,
		"%s %s cannot be recreated with recreate=orphan: its selector changes, so no workload would own its pods; "+
			"recreate=delete replaces them, and the application is not available meanwhile", RefOf(info).Kind, info.Name).About(RefOf(info))
	refused.Field = "spec.selector"
	return refused
}

// selectsAsBefore tells whether a document has the selector of the live object.
func (c *Client) selectsAsBefore(info *resource.Info) (bool, error) {
	found, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name)
	live, ok := found.(*unstructured.Unstructured)
	if err != nil || !ok {
		return false, err
	}
	was, _, _ := unstructured.NestedMap(live.Object, "spec", "selector")
	now, _, _ := unstructured.NestedMap(contentOf(info), "spec", "selector")
	return reflect.DeepEqual(was, now), nil
}

// wayBack is how an object is recreated to get its applied document back: with what it owns kept, where that is possible.
func (c *Client) wayBack(info *resource.Info) (string, error) {
	if !slices.Contains(recreatable[recreateOrphan], info.Mapping.GroupVersionKind.Kind) {
		return recreateDelete, nil
	}
	same, err := c.selectsAsBefore(info)
	if !same {
		return recreateDelete, err
	}
	return recreateOrphan, err
}

// removeForRecreation deletes objects in one of the ways of recreating them, and returns when they are gone.
func (c *Client) removeForRecreation(list kube.ResourceList, way string) error {
	if len(list) == 0 {
		return nil
	}
	for _, info := range list {
		c.written.recreates(info)
	}
	propagation := metav1.DeletePropagationForeground
	if way == recreateOrphan {
		propagation = metav1.DeletePropagationOrphan
	}
	if _, errs := c.Delete(list, propagation); len(errs) > 0 {
		return fmt.Errorf("deleting an object to recreate it: %w", errors.Join(errs...))
	}
	limited, cancel := context.WithTimeout(c.host.Context, recreationTime)
	defer cancel()
	left, first, err := c.awaitDeletion(limited, list)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return &waitError{objects: left, cause: fmt.Errorf("waiting for %s to be gone: %s: %w", first.Object.Name, first.Why(), limited.Err())}
	}
	return nil
}

// recreationTime bounds the deletion of objects to be recreated.
const recreationTime = 2 * time.Minute

// leaves returns the single errors of a tree of joined ones, each with its own surrounding texts.
func leaves(err error) []error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		if many, ok := inner.(interface{ Unwrap() []error }); ok {
			found := []error{}
			for _, one := range many.Unwrap() {
				found = append(found, leaves(one)...)
			}
			return found
		}
	}
	return []error{err}
}

// Stays tells what a clean-up never deletes: definitions, claims, and objects marked to be kept.
func Stays(info *resource.Info) bool {
	kind := info.Mapping.GroupVersionKind.Kind
	if kind == "CustomResourceDefinition" || kind == "PersistentVolumeClaim" {
		return true
	}
	object, err := meta.Accessor(info.Object)
	return err == nil && strings.TrimSpace(object.GetAnnotations()[kube.ResourcePolicyAnno]) == kube.KeepPolicy
}
