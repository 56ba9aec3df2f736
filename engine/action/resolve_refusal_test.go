package action

import (
	"testing"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func TestReplicasThatWereScaledStay(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"deployment.yaml": charttest.Deployment, "cm.yaml": charttest.ConfigMap("cm", "data: {v: \"{{ .Values.v }}\"}\n")})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	request.Values = map[string]any{"replicas": 2, "v": "a"}
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	set, err := ownCore(t, services).session.KubernetesClientSet()
	if err != nil {
		t.Fatal(err)
	}
	scale := &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Name: "rel", Namespace: namespace}, Spec: autoscalingv1.ScaleSpec{Replicas: 4}}
	if _, err := set.AppsV1().Deployments(namespace).UpdateScale(t.Context(), "rel", scale, metav1.UpdateOptions{FieldManager: "kubectl"}); err != nil {
		t.Fatal(err)
	}
	upgrading := UpgradeRequest{InstallRequest: request}
	upgrading.Values = map[string]any{"replicas": 3, "v": "b"}
	for range 2 {
		upgraded, err := services.Upgrade(t.Context(), upgrading, nil)
		if err != nil {
			t.Fatal(err)
		}
		if upgraded.Objects[1].Object["spec"].(map[string]any)["replicas"].(interface{ String() string }).String() != "3" {
			t.Errorf("the record does not have the chart's manifest:\n%s", upgraded.Manifest)
		}
		if count := *live(t, set.AppsV1().Deployments(namespace), "rel").Spec.Replicas; count != 4 {
			t.Errorf("%d replicas", count)
		}
		if value := live(t, set.CoreV1().ConfigMaps(namespace), "cm").Data["v"]; value != "b" {
			t.Errorf("the rest of the upgrade is %s", value)
		}
	}
	upgrading.ForceConflicts = true
	if _, err := services.Upgrade(t.Context(), upgrading, nil); err != nil {
		t.Fatal(err)
	}
	if count := *live(t, set.AppsV1().Deployments(namespace), "rel").Spec.Replicas; count != 3 {
		t.Errorf("%d replicas after forcing", count)
	}
}

const statefulSet = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: {{ .Values.service }}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "nginx:1"}]}
`

func TestImmutableObjectsAreRecreatedOnRequest(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"deployment.yaml": charttest.Deployment, "db.yaml": statefulSet})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	request.Values = map[string]any{"service": "a"}
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	set, err := ownCore(t, services).session.KubernetesClientSet()
	if err != nil {
		t.Fatal(err)
	}
	first := live(t, set.AppsV1().StatefulSets(namespace), "db").UID
	upgrading := UpgradeRequest{InstallRequest: request}
	upgrading.Values = map[string]any{"service": "b"}
	_, err = services.Upgrade(t.Context(), upgrading, nil)
	problemtest.Want(t, err, problem.FieldImmutable)

	upgrading.Recreate = "orphan"
	if _, err := services.Upgrade(t.Context(), upgrading, nil); err != nil {
		t.Fatal(err)
	}
	made := live(t, set.AppsV1().StatefulSets(namespace), "db")
	if made.UID == first || made.Spec.ServiceName != "b" {
		t.Errorf("the StatefulSet is %s with service %s", made.UID, made.Spec.ServiceName)
	}
	// Pods of an orphaned Deployment would stay forever.
	upgrading.Values = map[string]any{"service": "b", "app": "other"}
	_, err = services.Upgrade(t.Context(), upgrading, nil)
	problemtest.Want(t, err, problem.FieldImmutable)
	upgrading.Recreate = "delete"
	if _, err := services.Upgrade(t.Context(), upgrading, nil); err != nil {
		t.Fatal(err)
	}
	if label := live(t, set.AppsV1().Deployments(namespace), "rel").Spec.Selector.MatchLabels["app"]; label != "other" {
		t.Errorf("the Deployment selects %s", label)
	}
}
