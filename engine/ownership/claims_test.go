package ownership

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"walm.io/engine/problem"
)

// TestAnOperationThatLostAnObjectMakesNoFurtherOnes has another release create the first of two objects in between: of
// releases that need both, that one is to get the second as well.
func TestAnOperationThatLostAnObjectMakesNoFurtherOnes(t *testing.T) {
	claims := New(Owner{Namespace: "shop", Name: "web"}, nil)
	made := []string{}
	send := func(request *http.Request) (*http.Response, error) {
		first := strings.HasSuffix(request.URL.Path, "/first")
		switch {
		case request.Method == http.MethodGet && first:
			return answer(http.StatusOK, `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "first", "uid": "u",
				"annotations": {"meta.helm.sh/release-name": "other", "meta.helm.sh/release-namespace": "shop"}}}`), nil
		case request.Method == http.MethodGet:
			return answer(http.StatusNotFound, `{"kind": "Status", "code": 404, "reason": "NotFound"}`), nil
		default:
			made = append(made, request.URL.Path)
			return answer(http.StatusOK, "{}"), nil
		}
	}
	for _, name := range []string{"first", "second"} {
		_, err := claims.Send(apply(t, name), send)
		if found, ok := problem.From(err); !ok || found.Code != problem.ResourceExists || found.Object.Name != "first" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(made) != 0 {
		t.Errorf("made %v", made)
	}
}

func apply(t *testing.T, name string) *http.Request {
	t.Helper()
	body := fmt.Sprintf(`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": %q, "labels": {"app.kubernetes.io/managed-by": "Helm"},
		"annotations": {"meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "shop"}}}`, name)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, "https://cluster/api/v1/namespaces/shop/configmaps/"+name, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/apply-patch+yaml")
	return request
}

func answer(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}
