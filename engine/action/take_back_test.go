package action

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v4/pkg/release/common"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/cluster"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

// frozen are an immutable ConfigMap, a selector and a template of a Job, all with fields that cannot be changed.
const frozen = `apiVersion: v1
kind: ConfigMap
metadata: {name: im}
immutable: true
data: {v: "{{ .Values.v }}"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: "web-{{ .Values.v }}"}}
  template:
    metadata: {labels: {app: "web-{{ .Values.v }}"}}
    spec: {containers: [{name: web, image: "nginx:1"}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: job}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: job, image: "nginx:{{ .Values.v }}"}]}
`

// frozenContent is what runs of the objects of frozen.
func frozenContent(t *testing.T, services *Services, namespace string) string {
	t.Helper()
	set := setOf(t, services)
	im := live(t, set.CoreV1().ConfigMaps(namespace), "im").Data["v"]
	web := live(t, set.AppsV1().Deployments(namespace), "web").Spec.Selector.MatchLabels["app"]
	job := live(t, set.BatchV1().Jobs(namespace), "job").Spec.Template.Spec.Containers[0].Image
	return im + " " + web + " " + job
}

// TestARefusedRecreationIsTakenBack refuses a change that recreates objects: by a field of another object, and by a quota that
// lets the first recreated ones pass and a new object not.
func TestARefusedRecreationIsTakenBack(t *testing.T) {
	refusing := map[string]string{
		"field": "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: {{ if eq (toString .Values.v) \"3\" }}99999{{ else }}80{{ end }}}]}\n",
		"quota": "{{ if eq (toString .Values.v) \"3\" }}\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n{{ end }}",
	}
	for name, refused := range refusing {
		t.Run(name, func(t *testing.T) {
			services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
				"frozen.yaml": frozen, "s.yaml": refused, "extra.yaml": "{{ if eq (toString .Values.v) \"3\" }}\n" + charttest.ConfigMap("extra", "") + "{{ end }}",
			})})
			namespace := newNamespace(t, services)
			if name == "quota" {
				limit(t, services, namespace, "count/services", "0")
			}
			request := installation(namespace, "rel", "web")
			request.Values = map[string]any{"v": "1"}
			if _, err := services.Install(t.Context(), request, nil); err != nil {
				t.Fatal(err)
			}
			upgrading := UpgradeRequest{InstallRequest: request, Recreate: "delete"}
			upgrading.Values = map[string]any{"v": "3"}
			_, err := services.Upgrade(t.Context(), upgrading, nil)
			found, _ := problem.From(err)
			if found == nil || found.Code == problem.FieldImmutable || strings.Contains(found.Message, "taken back") {
				t.Errorf("refused with %v", err)
			}
			if runs := frozenContent(t, services, namespace); runs != "1 web-1 nginx:1" {
				t.Errorf("%s runs", runs)
			}
			_, err = setOf(t, services).CoreV1().ConfigMaps(namespace).Get(t.Context(), "extra", metav1.GetOptions{})
			if !apierrors.IsNotFound(err) {
				t.Errorf("what the change created is left: %v", err)
			}
		})
	}
}

// limit gives a namespace a quota, and returns when it counts.
func limit(t *testing.T, services *Services, namespace, name, amount string) {
	t.Helper()
	quotas := setOf(t, services).CoreV1().ResourceQuotas(namespace)
	quota := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "q"}}
	quota.Spec.Hard = corev1.ResourceList{corev1.ResourceName(name): resource.MustParse(amount)}
	if _, err := quotas.Create(t.Context(), quota, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	err := wait.PollUntilContextCancel(t.Context(), 20*time.Millisecond, true, func(context.Context) (bool, error) {
		return len(live(t, quotas, "q").Status.Hard) > 0, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestARecreatedObjectThatIsRefusedComesBack: some of the objects are recreated already when the cluster refuses one of them.
func TestARecreatedObjectThatIsRefusedComesBack(t *testing.T) {
	chart := strings.Replace(frozen, `"nginx:{{ .Values.v }}"`, `"{{ if eq .Values.v "1" }}nginx:1{{ end }}"`, 1)
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"frozen.yaml": chart})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	request.Values = map[string]any{"v": "1"}
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	upgrading := UpgradeRequest{InstallRequest: request, Recreate: "delete"}
	upgrading.Values = map[string]any{"v": "3"}
	_, err := services.Upgrade(t.Context(), upgrading, nil)
	refused := problemtest.Want(t, err, problem.ManifestInvalid)
	if strings.Contains(refused.Message, "taken back") {
		t.Error(refused.Message)
	}
	if runs := frozenContent(t, services, namespace); runs != "1 web-1 nginx:1" {
		t.Errorf("%s runs", runs)
	}
	// Neither the new Job nor the former one can be created any longer, and the message says so of this one alone.
	limit(t, services, namespace, "count/jobs.batch", "0")
	_, err = services.Upgrade(t.Context(), upgrading, nil)
	refused, _ = problem.From(err)
	if refused == nil || !strings.Contains(refused.Message, "could not be taken back: Job job: ") {
		t.Fatalf("refused with %v", err)
	}
	if left, _ := refused.Details["notRestored"].([]problem.ObjectRef); len(left) != 1 || left[0].Name != "job" {
		t.Errorf("%+v is left", left)
	}
	set := setOf(t, services)
	if im, web := live(t, set.CoreV1().ConfigMaps(namespace), "im"), live(t, set.AppsV1().Deployments(namespace), "web"); im.Data["v"] != "1" || web.Spec.Selector.MatchLabels["app"] != "web-1" {
		t.Errorf("%s and %s run", im.Data["v"], web.Spec.Selector.MatchLabels["app"])
	}
}

// TestTheNextChangeRestoresWhatAnAttemptRecreated: the engine was killed before it could take the attempt back.
func TestTheNextChangeRestoresWhatAnAttemptRecreated(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"frozen.yaml": frozen})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	request.Values = map[string]any{"v": "1"}
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	upgrading := UpgradeRequest{InstallRequest: request, Recreate: "delete"}
	upgrading.Values = map[string]any{"v": "3"}
	if _, err := services.Upgrade(t.Context(), upgrading, nil); err != nil {
		t.Fatal(err)
	}
	op := ownOperation(t, services, request.Target)
	recordAs(t, op, 1, common.StatusDeployed)
	recordAs(t, op, 2, common.StatusFailed)
	upgrading.Recreate, upgrading.Values = "", map[string]any{"v": "4"}
	_, err := services.Upgrade(t.Context(), upgrading, nil)
	problemtest.Want(t, err, problem.FieldImmutable)
	rewrite := RewriteRequest{Target: request.Target, TimeoutMs: 600_000, Hooks: hooksNone}
	if _, err := services.Rewrite(t.Context(), rewrite, nil); err != nil {
		t.Fatal(err)
	}
	if runs := frozenContent(t, services, namespace); runs != "1 web-1 nginx:1" {
		t.Errorf("%s runs", runs)
	}
}

// TestWhatNothingChangedNeedsNoTakingBack: the only object that the change meant to change is the one that is refused.
func TestWhatNothingChangedNeedsNoTakingBack(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"aa.yaml": charttest.ConfigMap("aa", "data: {v: \"{{ .Values.v }}\"}\n"), "frozen.yaml": charttest.ConfigMap("im", "immutable: true\ndata: {v: \"{{ .Values.w }}\"}\n"),
	})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	request.Values = map[string]any{"v": "1", "w": "1"}
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	maps := setOf(t, services).CoreV1().ConfigMaps(namespace)
	if _, err := maps.Patch(t.Context(), "aa", types.MergePatchType, []byte(`{"data": {"v": "other"}}`), metav1.PatchOptions{FieldManager: "other"}); err != nil {
		t.Fatal(err)
	}
	// Another manager has replaced it, in the name of Helm.
	if err := maps.Delete(t.Context(), "im", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	again := fmt.Sprintf(`{"apiVersion": "v1", "kind": "ConfigMap", "immutable": true, "data": {"v": "other"}, "metadata": {"name": "im", "labels": {"app.kubernetes.io/managed-by": "Helm"},
		"annotations": {"meta.helm.sh/release-name": "rel", "meta.helm.sh/release-namespace": %q}}}`, namespace)
	if _, err := maps.Patch(t.Context(), "im", types.ApplyPatchType, []byte(again), metav1.PatchOptions{FieldManager: cluster.FieldManager}); err != nil {
		t.Fatal(err)
	}
	for code, values := range map[problem.Code]map[string]any{
		problem.FieldConflict: {"v": "3", "w": "1"}, problem.FieldImmutable: {"v": "1", "w": "3"},
	} {
		upgrading := UpgradeRequest{InstallRequest: request}
		upgrading.Values = values
		_, err := services.Upgrade(t.Context(), upgrading, nil)
		refused := problemtest.Want(t, err, code)
		if names := strings.Contains(refused.Message, "recreate=delete"); names != (code == problem.FieldImmutable) {
			t.Error(refused.Message)
		}
		if strings.Contains(refused.Message, "taken back") || refused.Details["notRestored"] != nil {
			t.Error(refused.Message, refused.Details)
		}
	}
	for _, name := range []string{"aa", "im"} {
		if value := live(t, maps, name).Data["v"]; value != "other" {
			t.Errorf("%s is %s", name, value)
		}
	}
}
