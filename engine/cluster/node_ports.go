package cluster

import (
	"fmt"
	"strings"

	"helm.sh/helm/v4/pkg/kube"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/refusal"
)

// takenPort is how the API server refuses a port of the nodes that another Service has.
const takenPort = "provided port is already allocated"

var serviceKind = schema.GroupKind{Kind: "Service"}

// nodePort is a port of the nodes that a Service asks for.
type nodePort struct {
	path   *field.Path
	number int64
}

// nodePortsOf are those that an object asks for; none unless it is a Service.
func nodePortsOf(info *resource.Info, object map[string]any) []nodePort {
	if info.Mapping.GroupVersionKind.GroupKind() != serviceKind {
		return nil
	}
	spec := field.NewPath("spec")
	found := []nodePort{}
	if number, ok, err := unstructured.NestedInt64(object, "spec", "healthCheckNodePort"); ok && err == nil && number > 0 {
		found = append(found, nodePort{spec.Child("healthCheckNodePort"), number})
	}
	ports, _, _ := unstructured.NestedFieldNoCopy(object, "spec", "ports")
	list, _ := ports.([]any)
	for index, one := range list {
		entry, _ := one.(map[string]any)
		if number, ok := entry["nodePort"].(int64); ok && number > 0 {
			found = append(found, nodePort{spec.Child("ports").Index(index).Child("nodePort"), number})
		}
	}
	return found
}

// sharedNodePorts adds the refusals of Services that ask for a port of the nodes which an earlier one of the list asks for,
// too: the cluster judges them one by one, and would give it to each.
func sharedNodePorts(list kube.ResourceList, documents []map[string]any, failures []error) {
	holders := map[int64]int{}
	for index, info := range list {
		for _, port := range nodePortsOf(info, documents[index]) {
			holder, taken := holders[port.number]
			if !taken {
				holders[port.number] = index
				continue
			}
			if holder == index || failures[index] != nil {
				continue
			}
			invalid := field.ErrorList{field.Invalid(port.path, port.number, fmt.Sprintf("%s: Service %s of this chart has it", takenPort, list[holder].Name))}
			failures[index] = &refusal.ObjectError{
				Object: RefOf(info), Cause: apierrors.NewInvalid(serviceKind, info.Name, invalid),
			}
		}
	}
}

// becomesFree tells whether a Service is refused only because of a port of the nodes that another one, which is changed
// before it, has now and gives up.
func (c *Client) becomesFree(failure error, index int, list kube.ResourceList, documents []map[string]any) bool {
	if !strings.Contains(failure.Error(), takenPort) {
		return false
	}
	wanted := map[int64]bool{}
	for _, port := range nodePortsOf(list[index], documents[index]) {
		wanted[port.number] = true
	}
	for before, info := range list[:index] {
		if info.Mapping.GroupVersionKind.GroupKind() != serviceKind {
			continue
		}
		kept := map[int64]bool{}
		for _, port := range nodePortsOf(info, documents[before]) {
			kept[port.number] = true
		}
		live := c.readLive(info)()
		if live == nil {
			continue
		}
		for _, port := range nodePortsOf(info, live.Object) {
			if wanted[port.number] && !kept[port.number] {
				return true
			}
		}
	}
	return false
}
