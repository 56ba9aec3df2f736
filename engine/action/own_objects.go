package action

import (
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/cli-runtime/pkg/resource"

	"helm.sh/helm/v4/pkg/kube"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// withoutForeign leaves out of what Helm compares with, and deletes where the new revision does not have it, the objects
// that are not the release's own. A seal covers what a manifest names, not whether it was ever applied: a revision that
// failed because an object was somebody else's names that object, too, and its recorded state can be edited. Helm asks
// whose an object is before it creates one, and not before it deletes one.
func (c *kubeClient) withoutForeign(from, to kube.ResourceList) kube.ResourceList {
	var foreign kube.ResourceList
	for _, info := range from.Difference(to) {
		if !c.isOwn(info) {
			foreign.Append(info)
		}
	}
	return from.Difference(foreign)
}

// isOwn tells whether Helm may delete the live object, or there is none; one that cannot be read is not.
func (c *kubeClient) isOwn(info *resource.Info) bool {
	live, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name)
	if apierrors.IsNotFound(err) {
		return true
	}
	if err != nil {
		return false
	}
	found, err := meta.Accessor(live)
	if err != nil {
		return false
	}
	annotations := found.GetAnnotations()
	return annotations["meta.helm.sh/release-name"] == c.op.target.Name &&
		annotations["meta.helm.sh/release-namespace"] == c.op.target.Namespace
}
