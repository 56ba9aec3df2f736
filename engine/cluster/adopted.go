package cluster

import (
	"encoding/json"
	"errors"

	"helm.sh/helm/v4/pkg/kube"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/problem"
)

// adopted is an object that an install takes over: what it was before, and as what it was applied.
type adopted struct {
	former  *unstructured.Unstructured
	applied *resource.Info
}

// rememberAdopted reads what an install is about to take over.
func (c *Client) rememberAdopted(existing, to kube.ResourceList) {
	for _, info := range existing {
		applied := to.Get(info)
		if live := c.readLive(info)(); live != nil && applied != nil {
			c.adopted = append(c.adopted, adopted{former: live, applied: applied})
		}
	}
}

// HasAdopted tells whether an install got to objects that existed before.
func (c *Client) HasAdopted() bool { return len(c.adopted) > 0 }

// GiveBackAdopted gives objects that the failed install of `failed` took over their former content back, with the owners of
// its fields. One that has been changed since stays as it is. The objects of a client whose context has ended cannot be
// used any more; this one is another client of the same release.
func (c *Client) GiveBackAdopted(failed *Client) error {
	failures := []error{}
	for _, one := range failed.adopted {
		failures = append(failures, c.giveBack(one))
	}
	return errors.Join(failures...)
}

func (c *Client) giveBack(one adopted) error {
	applied, ok := one.applied.Object.(*unstructured.Unstructured)
	if !ok || applied.GetUID() != one.former.GetUID() {
		// It was not applied.
		return nil
	}
	list, err := c.listOf([]problem.ObjectRef{RefOf(one.applied)})
	if err != nil || len(list) == 0 {
		return err
	}
	live := c.readLive(list[0])()
	if live == nil || !isAsApplied(live, applied) || isAsApplied(live, one.former) {
		return nil
	}
	back := one.former.DeepCopy()
	back.SetResourceVersion(live.GetResourceVersion())
	helper := resource.NewHelper(list[0].Client, list[0].Mapping).WithFieldManager(FieldManager)
	replaced, err := helper.Replace(list[0].Namespace, list[0].Name, false, back)
	if err == nil {
		err = restoreOwners(helper, list[0], one.former, replaced)
	}
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return nil
	}
	return err
}

// restoreOwners gives the fields of an object that has its former content the owners that they had: the API server
// makes the client that replaces an object the owner of all that changes.
func restoreOwners(helper *resource.Helper, info *resource.Info, former *unstructured.Unstructured, replaced runtime.Object) error {
	object, err := meta.Accessor(replaced)
	if err != nil {
		return err
	}
	patch, err := json.Marshal([]map[string]any{
		{"op": "test", "path": "/metadata/resourceVersion", "value": object.GetResourceVersion()},
		{"op": "add", "path": "/metadata/managedFields", "value": former.GetManagedFields()},
	})
	if err != nil {
		return err
	}
	_, err = helper.Patch(info.Namespace, info.Name, types.JSONPatchType, patch, nil)
	return err
}

// isAsApplied tells whether an object is still as it was written; controllers may have changed its status.
func isAsApplied(live, written *unstructured.Unstructured) bool {
	if live.GetUID() != written.GetUID() {
		return false
	}
	if live.GetGeneration() > 0 {
		return live.GetGeneration() == written.GetGeneration()
	}
	return live.GetResourceVersion() == written.GetResourceVersion()
}
