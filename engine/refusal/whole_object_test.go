package refusal

import (
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/problem"
)

func TestAnObjectThatIsTooLargeHasNoField(t *testing.T) {
	large := &apierrors.StatusError{ErrStatus: metav1.Status{
		Reason: metav1.StatusReasonInvalid, Message: `ConfigMap "a" is invalid: []: Too long: may not be more than 1048576 bytes`,
		Details: &metav1.StatusDetails{Name: "a", Kind: "ConfigMap", Causes: []metav1.StatusCause{{Field: "[]", Message: "Too long"}}},
	}}
	if found := OfCluster(large); found == nil || found.Code != problem.ManifestInvalid || found.Field != "" {
		t.Errorf("%+v", found)
	}
}

// TestATerminatingNamespaceIsTheObject: not the object that could not be made in it, which may be a record of Helm.
func TestATerminatingNamespaceIsTheObject(t *testing.T) {
	refused := &apierrors.StatusError{ErrStatus: metav1.Status{
		Reason:  metav1.StatusReasonForbidden,
		Message: `secrets "sh.helm.release.v1.r.v2" is forbidden: unable to create new content in namespace demo because it is being terminated`,
		Details: &metav1.StatusDetails{Name: "sh.helm.release.v1.r.v2", Kind: "secrets", Causes: []metav1.StatusCause{{Type: "NamespaceTerminating", Field: "metadata.namespace"}}},
	}}
	found := OfCluster(refused)
	if found == nil || found.Code != problem.NamespaceTerminating || found.Object == nil || found.Object.Kind != "Namespace" || found.Object.Name != "demo" {
		t.Errorf("%+v", found)
	}
}
