package action

import (
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/client"
	"walm.io/engine/guard"
	"walm.io/engine/problem"
	"walm.io/engine/rendering"
)

func rbac(resource string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: resource}
}

// allow grants a user rights on some resources of a namespace.
func allow(t *testing.T, services *Services, namespace, user string, resources ...string) {
	t.Helper()
	objects, err := ownCore(t, services).session.DynamicClient()
	if err != nil {
		t.Fatal(err)
	}
	anything := []any{}
	for _, resource := range resources {
		anything = append(anything, resource)
	}
	const version = "rbac.authorization.k8s.io/v1"
	role := map[string]any{"apiVersion": version, "kind": "Role", "metadata": map[string]any{"name": user}, "rules": []any{
		map[string]any{"apiGroups": []any{""}, "resources": anything, "verbs": []any{"get", "list", "patch"}},
	}}
	binding := map[string]any{
		"apiVersion": version, "kind": "RoleBinding", "metadata": map[string]any{"name": user},
		"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": user},
		"subjects": []any{map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}},
	}
	for resource, object := range map[string]map[string]any{"roles": role, "rolebindings": binding} {
		_, err := objects.Resource(rbac(resource)).Namespace(namespace).
			Create(t.Context(), &unstructured.Unstructured{Object: object}, metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestOneForbiddenObjectHidesNoOther(t *testing.T) {
	probe := testServices(t, charttest.Charts{})
	here, elsewhere := newNamespace(t, probe), newNamespace(t, probe)
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"a.yaml": charttest.ConfigMap("a", ""),
		"b.yaml": strings.Replace(charttest.ConfigMap("b", ""), "name: b", "name: b\n  namespace: "+elsewhere, 1),
		"c.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: c}\n",
	})})
	if _, err := services.Install(t.Context(), installation(here, "rel", "web"), nil); err != nil {
		t.Fatal(err)
	}
	allow(t, services, here, "limited", "secrets", "configmaps")
	limited := &client.Identity{User: "limited", Groups: []string{"system:authenticated"}}
	compared, err := services.Compare(t.Context(), RevisionRequest{Target: Target{Identity: limited, Namespace: here, Name: "rel"}})
	if err != nil || len(compared) != 3 {
		t.Fatalf("%v, %v", compared, err)
	}
	outcomes := map[string]string{}
	for _, one := range compared {
		outcomes[one.Name] = one.Outcome
		if one.Outcome == outcomeForbidden && (one.Live != nil || !strings.Contains(one.Message, `"limited" cannot get resource`)) {
			t.Errorf("%+v", one)
		}
	}
	if outcomes["a"] != outcomeCompared || outcomes["b"] != outcomeForbidden || outcomes["c"] != outcomeForbidden {
		t.Errorf("%v", outcomes)
	}
}

func TestWhatIsWrongWithOneObjectIsToldWithIt(t *testing.T) {
	op := &operation{Services: &Services{Log: slog.New(slog.DiscardHandler)}, ctx: t.Context(), rendering: &rendering.Host{}}
	group := schema.GroupResource{Group: "apps", Resource: "deployments"}
	for name, test := range map[string]struct {
		failure error
		outcome string
		whole   problem.Code
	}{
		"invalid":         {apierrors.NewInvalid(schema.GroupKind{Kind: "X"}, "x", nil), outcomeUnknown, ""},
		"gone meanwhile":  {apierrors.NewNotFound(group, "x"), outcomeUnknown, ""},
		"a webhook":       {apierrors.NewInternalError(errors.New(`failed calling webhook "x"`)), outcomeUnknown, ""},
		"forbidden":       {apierrors.NewForbidden(group, "x", errors.New(`User "a" cannot get resource "deployments"`)), outcomeForbidden, ""},
		"a panic":         {&guard.PanicError{Value: "x"}, outcomeUnknown, ""},
		"long":            {errors.New(strings.Repeat("x", 1<<20)), outcomeUnknown, ""},
		"nobody answers":  {apierrors.NewServiceUnavailable("later"), "", problem.ClusterUnreachable},
		"not known there": {apierrors.NewUnauthorized("who?"), "", problem.Forbidden},
	} {
		compared := Comparison{Live: map[string]any{}}
		err := op.setApart(&compared, test.failure)
		if test.whole != "" {
			if !problem.HasCode(err, test.whole) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || compared.Outcome != test.outcome || compared.Message == "" || len(compared.Message) > 2*messageBytes || compared.Live != nil {
			t.Errorf("%s: %.300v, %v", name, compared, err)
		}
	}
}

func TestLiveObjectsAreBounded(t *testing.T) {
	budget := &atomic.Int64{}
	budget.Store(300)
	shown := func(depth, bytes int) error {
		var deep any = strings.Repeat("x", bytes)
		for range depth {
			deep = map[string]any{"a": deep}
		}
		_, err := shownObject(&unstructured.Unstructured{Object: map[string]any{"spec": deep, "kind": "X", "apiVersion": "v1"}}, budget)
		return err
	}
	if err := shown(60, 1); err != nil && !strings.Contains(err.Error(), "together") {
		t.Error(err)
	}
	if err := shown(10_000, 1); err == nil || !strings.Contains(err.Error(), "deeper than 64 levels") {
		t.Error(err)
	}
	budget.Store(300)
	if err := shown(1, 100); err != nil {
		t.Error(err)
	}
	if err := shown(1, 200); err == nil || !strings.Contains(err.Error(), "larger than 64 MiB together") {
		t.Error(err)
	}
}
