package action

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func TestObjectsThatAreBeingDeletedAreWaitedFor(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("a", ""), "b.yaml": charttest.ConfigMap("hold", "")})})
	namespace := newNamespace(t, services)
	set := setOf(t, services)
	for name, meta := range map[string]metav1.ObjectMeta{"own": marks(namespace, "rel"), "nobodys": {}, "others": marks(namespace, "other")} {
		meta.Finalizers = []string{"example.com/hold"}
		hanging := makeConfigMap(t, services, namespace, "hold", meta)
		if err := set.CoreV1().ConfigMaps(namespace).Delete(t.Context(), "hold", metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
		request := installation(namespace, "rel", "web")
		var err error
		for _, request.TimeoutMs = range growing {
			if _, err = services.Install(t.Context(), request, nil); problem.HasCode(err, problem.ObjectBeingDeleted) {
				break
			}
			removeFailed(t, services, request.Target)
		}
		found := problemtest.Want(t, err, problem.ObjectBeingDeleted)
		if found.Object == nil || found.Object.Name != "hold" || !strings.Contains(found.Message, "example.com/hold") {
			t.Errorf("%s: %+v", name, found)
		}
		removeFailed(t, services, request.Target)
		request.TimeoutMs = 600_000
		released := time.AfterFunc(500*time.Millisecond, func() {
			_, _ = set.CoreV1().ConfigMaps(namespace).Patch(context.Background(), "hold", types.MergePatchType, []byte(`{"metadata": {"finalizers": null}}`), metav1.PatchOptions{})
		})
		if _, err := services.Install(t.Context(), request, nil); err != nil {
			t.Fatal(name, err)
		}
		released.Stop()
		if now := uidOf(t, services, namespace, "hold"); now == "" || now == hanging {
			t.Errorf("%s: the object is %q", name, now)
		}
		if _, err := services.Uninstall(t.Context(), UninstallRequest{Target: request.Target, TimeoutMs: 600_000, Wait: true}, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// growing are timeouts, in milliseconds, for what is over by its timeout alone: the first one may be too short for a
// machine that is slow to come so far.
var growing = []int64{700, 5_000, 30_000, 180_000}

// removeFailed removes what an install left that failed, if it left something.
func removeFailed(t *testing.T, services *Services, target Target) {
	t.Helper()
	_, err := services.RemoveFailedInstall(t.Context(), RemoveFailedInstallRequest{Target: target, TimeoutMs: 30_000}, nil)
	if err != nil && !problem.HasCode(err, problem.ReleaseNotFound) {
		t.Error(err)
	}
}

func TestAHookNeverTakesTheObjectOfSomebodyElse(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"h.yaml": charttest.ConfigMap("precious", "  annotations: {\"helm.sh/hook\": pre-install}\ndata: {a: b}\n"),
	})})
	namespace := newNamespace(t, services)
	for name, meta := range map[string]metav1.ObjectMeta{"nobodys": {}, "others": marks(namespace, "other")} {
		precious := makeConfigMap(t, services, namespace, "precious", meta)
		_, err := services.Install(t.Context(), installation(namespace, "rel", "web"), nil)
		if taken := problemtest.Want(t, err, problem.ResourceExists); taken.Object == nil || taken.Object.Name != "precious" {
			t.Errorf("%s: %+v", name, taken)
		}
		if _, err := services.RemoveFailedInstall(t.Context(), RemoveFailedInstallRequest{Target: Target{Namespace: namespace, Name: "rel"}, TimeoutMs: 600_000}, nil); err != nil {
			t.Error(err)
		}
		if uidOf(t, services, namespace, "precious") != precious {
			t.Errorf("%s: the object is gone", name)
		}
		_ = setOf(t, services).CoreV1().ConfigMaps(namespace).Delete(t.Context(), "precious", metav1.DeleteOptions{})
	}
}

func TestAnObjectThatChangesAllTheTimeCanBeAppliedAndDeleted(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("busy", "data: {v: \"{{ .Values.v }}\"}\n")})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	set := setOf(t, services)
	ended := make(chan struct{})
	stop := make(chan struct{})
	go func() {
		defer close(ended)
		for count := 0; ; count++ {
			select {
			case <-stop:
				return
			default:
			}
			body := fmt.Sprintf(`{"metadata": {"annotations": {"count": "%d"}}}`, count)
			_, _ = set.CoreV1().ConfigMaps(namespace).Patch(context.Background(), "busy", types.MergePatchType, []byte(body), metav1.PatchOptions{})
		}
	}()
	upgrading := UpgradeRequest{InstallRequest: request}
	upgrading.Values = map[string]any{"v": "2"}
	_, failure := services.Upgrade(t.Context(), upgrading, nil)
	_, removal := services.Uninstall(t.Context(), UninstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil)
	close(stop)
	<-ended
	if failure != nil || removal != nil {
		t.Error(failure, removal)
	}
	wantConfigMaps(t, services, namespace, nil, []string{"busy"})
}
