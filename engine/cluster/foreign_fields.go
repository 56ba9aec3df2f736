package cluster

import (
	"reflect"
	"strings"

	"helm.sh/helm/v4/pkg/kube"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/cli-runtime/pkg/resource"
)

// keepForeignFields keeps fields that others set, where applying would overwrite them: releases of Helm 3 are applied by the
// client, which writes each field of a document. Fields that the change does not affect keep the value of the cluster,
// like with a server-side apply, and scaled workloads keep their replicas.
func (c *Client) keepForeignFields(known *knownObjects, list kube.ResourceList) {
	if !c.ClientApply || known == nil {
		return
	}
	for _, info := range list {
		// For kinds that Helm does not know it only sends the difference of the two documents.
		if _, foreign := kube.AsVersioned(info).(runtime.Unstructured); foreign {
			continue
		}
		look := c.readLive(info)
		known.leaveStored(info, look, false)
		keepScale(info, look)
	}
}

// heedScales makes a rewrite, which forces its fields, omit replicas that it does not change.
func (c *Client) heedScales(known *knownObjects, list kube.ResourceList) {
	if !c.Rewrites {
		return
	}
	for _, info := range list {
		was, _, _ := unstructured.NestedFieldNoCopy(known.before(info), "spec", "replicas")
		now, _, _ := unstructured.NestedFieldNoCopy(contentOf(info), "spec", "replicas")
		if now != nil && reflect.DeepEqual(was, now) {
			keepScale(info, c.readLive(info))
		}
	}
}

// leaveAggregated gives cluster roles that are put together from others the rules that they have: those are written by the
// cluster, and a change that forces its fields would empty the role for a while.
func (c *Client) leaveAggregated(list kube.ResourceList) {
	for _, info := range list {
		if kind := info.Mapping.GroupVersionKind; kind.Group != "rbac.authorization.k8s.io" || kind.Kind != "ClusterRole" {
			continue
		}
		document := contentOf(info)
		if _, writes := document["rules"]; !writes || document["aggregationRule"] == nil {
			continue
		}
		if live := c.readLive(info)(); live != nil && live.Object["rules"] != nil && live.Object["aggregationRule"] != nil {
			document["rules"] = live.Object["rules"]
		}
	}
}

// keepScale gives a document the replicas that were set through the scale subresource of the workload.
func keepScale(info *resource.Info, look func() *unstructured.Unstructured) {
	document := contentOf(info)
	if _, wanted, err := unstructured.NestedFieldNoCopy(document, "spec", "replicas"); !wanted || err != nil {
		return
	}
	live := look()
	if live == nil || !isScaled(live) {
		return
	}
	if replicas, found, err := unstructured.NestedInt64(live.Object, "spec", "replicas"); found && err == nil {
		document["spec"].(map[string]any)["replicas"] = replicas
	}
}

func isScaled(live metav1.Object) bool {
	for _, entry := range live.GetManagedFields() {
		if entry.Subresource == "scale" && entry.FieldsV1 != nil && strings.Contains(entry.FieldsV1.GetRawString(), `"f:replicas"`) {
			return true
		}
	}
	return false
}
