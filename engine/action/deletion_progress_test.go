package action

import (
	"context"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/progress"
)

// TestTheProgressOfADeletionNamesWhatHangs has an object hang on a finalizer until the progress has named both.
func TestTheProgressOfADeletionNamesWhatHangs(t *testing.T) {
	const finalizer = "walm.test/hangs"
	charts := charttest.Charts{
		"web": charttest.Files(map[string]string{
			"a.yaml": charttest.ConfigMap("a", ""), "sa.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: hanging, finalizers: [" + finalizer + "]}\n",
		}),
		"bad": charttest.Files(map[string]string{
			"sa.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: hanging, finalizers: [" + finalizer + "]}\n", "bad.yaml": broken,
		}),
	}
	walm := testServices(t, charts)
	for name, change := range map[string]func(Target, progress.Reporter) error{
		"delete": func(target Target, report progress.Reporter) error {
			if _, err := walm.Install(t.Context(), installation(target.Namespace, target.Name, "web"), nil); err != nil {
				return err
			}
			_, err := walm.Uninstall(t.Context(), UninstallRequest{Target: target, TimeoutMs: 600_000, Wait: true}, report)
			return err
		},
		"removal of a failed install": func(target Target, report progress.Reporter) error {
			if _, err := walm.Install(t.Context(), installation(target.Namespace, target.Name, "bad"), nil); err == nil {
				t.Error("the install did not fail")
			}
			_, err := walm.RemoveFailedInstall(t.Context(), RemoveFailedInstallRequest{Target: target, TimeoutMs: 600_000}, report)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			namespace := newNamespace(t, walm)
			accounts := setOf(t, walm).CoreV1().ServiceAccounts(namespace)
			t.Cleanup(func() {
				_, _ = accounts.Patch(context.Background(), "hanging", types.JSONPatchType, []byte(`[{"op": "remove", "path": "/metadata/finalizers"}]`), metav1.PatchOptions{})
			})
			named := false
			report := func(step progress.Step) {
				if named || step.Object == nil || !strings.Contains(step.Message, finalizer) {
					return
				}
				named = true
				if step.Object.Kind != "ServiceAccount" || step.Object.Name != "hanging" || !strings.Contains(step.Message, "ServiceAccount hanging") {
					t.Errorf("%+v %s", step.Object, step.Message)
				}
				if _, err := accounts.Patch(t.Context(), "hanging", types.JSONPatchType, []byte(`[{"op": "remove", "path": "/metadata/finalizers"}]`), metav1.PatchOptions{}); err != nil {
					t.Error(err)
				}
			}
			if err := change(Target{Namespace: namespace, Name: "rel"}, report); err != nil {
				t.Fatal(err)
			}
			if !named {
				t.Error("the progress did not name it")
			}
		})
	}
}
