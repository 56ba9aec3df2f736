package cluster

import (
	"strings"

	"helm.sh/helm/v4/pkg/kube"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/resource"
)

// strategies are the fields of workloads that hold the way of a rollout. The cluster adds `rollingUpdate` there without an
// owner, and refuses it beside another type: a single apply cannot remove it.
var strategies = map[string]string{"Deployment": "strategy", "StatefulSet": "updateStrategy"}

// onlyStrategyDefaulted tells whether an object is refused only because of the parameters of a rolling update that the
// cluster itself filled in, which its document does not have.
func onlyStrategyDefaulted(info *resource.Info, status metav1.Status) bool {
	field := strategies[info.Mapping.GroupVersionKind.Kind]
	if field == "" || status.Details == nil || len(status.Details.Causes) == 0 {
		return false
	}
	for _, cause := range status.Details.Causes {
		if !strings.HasPrefix(cause.Field, "spec."+field+".rollingUpdate") {
			return false
		}
	}
	said, _, _ := unstructured.NestedFieldNoCopy(contentOf(info), "spec", field, "rollingUpdate")
	return said == nil
}

// ownStrategy applies the former document of an object with the strategy that it has: the release owns that then, and the
// next apply removes what it leaves out. Where the client applies, the document says so itself. It tells whether anything
// was done.
func (c *Client) ownStrategy(info *resource.Info, before map[string]any) (bool, error) {
	field := strategies[info.Mapping.GroupVersionKind.Kind]
	if c.ClientSide {
		return true, unstructured.SetNestedField(contentOf(info), nil, "spec", field, "rollingUpdate")
	}
	live := c.readLive(info)()
	if live == nil || before == nil {
		return false, nil
	}
	stored, found, err := unstructured.NestedMap(live.Object, "spec", field)
	if !found || err != nil {
		return false, err
	}
	former := &unstructured.Unstructured{Object: before}
	former = former.DeepCopy()
	former.Object["metadata"] = (&unstructured.Unstructured{Object: contentOf(info)}).DeepCopy().Object["metadata"]
	if err := unstructured.SetNestedMap(former.Object, stored, "spec", field); err != nil {
		return false, err
	}
	if now, scaled, _ := unstructured.NestedFieldNoCopy(live.Object, "spec", "replicas"); scaled {
		_ = unstructured.SetNestedField(former.Object, now, "spec", "replicas")
	}
	twin := *info
	twin.Object = former
	_, err = c.Client.Create(kube.ResourceList{&twin}, kube.ClientCreateOptionServerSideApply(true, c.Forces))
	return err == nil, err
}
