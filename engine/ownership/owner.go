// Package ownership decides to whom an object of the cluster belongs, and restricts an operation to objects of its own
// release: each write is made on the condition that the object is the one that was read.
package ownership

import (
	"fmt"
	"maps"

	release "helm.sh/helm/v4/pkg/release/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// How Helm records the owner of an object.
const (
	managedByLabel      = "app.kubernetes.io/managed-by"
	managedByHelm       = "Helm"
	nameAnnotation      = "meta.helm.sh/release-name"
	namespaceAnnotation = "meta.helm.sh/release-namespace"
)

// Owner is a release.
type Owner struct {
	Namespace string
	Name      string
}

// String names the release for people.
func (o Owner) String() string {
	return fmt.Sprintf("release %s in namespace %s", o.Name, o.Namespace)
}

// AnnotatedOwner returns the release that an object's annotations name; false if they name none.
func AnnotatedOwner(object metav1.Object) (Owner, bool) {
	annotations := object.GetAnnotations()
	owner := Owner{Namespace: annotations[namespaceAnnotation], Name: annotations[nameAnnotation]}
	return owner, owner != Owner{}
}

// Owns tells whether an object belongs to the release according to Helm: by its annotations and its label.
func (o Owner) Owns(object metav1.Object) bool {
	noted, ok := AnnotatedOwner(object)
	return ok && noted == o && object.GetLabels()[managedByLabel] == managedByHelm
}

// Mark records the release on an object, like Helm.
func (o Owner) Mark(object metav1.Object) {
	annotations := maps.Clone(object.GetAnnotations())
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[nameAnnotation], annotations[namespaceAnnotation] = o.Name, o.Namespace
	object.SetAnnotations(annotations)
}

// IsHook tells whether an object was created by a hook. Helm does not record of which release.
func IsHook(object metav1.Object) bool {
	return object.GetAnnotations()[release.HookAnnotation] != ""
}

// whose says to whom an object belongs, for messages.
func whose(object metav1.Object) string {
	if noted, ok := AnnotatedOwner(object); ok {
		return "it belongs to " + noted.String()
	}
	return "it belongs to no release"
}
