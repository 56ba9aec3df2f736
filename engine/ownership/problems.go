package ownership

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/problem"
)

// Taken is RESOURCE_EXISTS.
func Taken(object problem.ObjectRef, live metav1.Object) *problem.Problem {
	found := problem.New(problem.ResourceExists,
		"%s exists already, and %s: give the object another name, or remove it first", title(object), whose(live)).About(object)
	if owner, ok := AnnotatedOwner(live); ok {
		found = found.With("owner", map[string]string{"name": owner.Name, "namespace": owner.Namespace})
	}
	return found
}

// BeingDeleted is OBJECT_BEING_DELETED.
func BeingDeleted(hanging Hanging) *problem.Problem {
	return problem.New(problem.ObjectBeingDeleted,
		"%s is being deleted and is not gone: %s; send the request again when it is gone", title(hanging.Object), hanging.Why()).
		About(hanging.Object).With("finalizers", append([]string{}, hanging.Finalizers...))
}

func title(object problem.ObjectRef) string {
	if object.Namespace == "" {
		return object.Kind + " " + object.Name
	}
	return fmt.Sprintf("%s %s in namespace %s", object.Kind, object.Name, object.Namespace)
}

// named completes a name from the address.
func named(object problem.ObjectRef, request *http.Request) problem.ObjectRef {
	if object.Name == "" {
		object.Name = path.Base(request.URL.Path)
	}
	return object
}

// answered is the cluster's refusal of a read in the form of client-go.
func answered(response *http.Response) error {
	status := metav1.Status{Code: int32(response.StatusCode)}
	if err := json.NewDecoder(response.Body).Decode(&status); err != nil {
		return fmt.Errorf("reading an object: the cluster answers %s", response.Status)
	}
	return &apierrors.StatusError{ErrStatus: status}
}
