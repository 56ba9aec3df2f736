package action

import (
	"context"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/jsontext/jsontest"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

const testHook = `apiVersion: batch/v1
kind: Job
metadata: {name: "{{ .Release.Name }}-probe", annotations: {helm.sh/hook: test, helm.sh/hook-weight: "2"}}
spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: c, image: "busybox:1"}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-first", annotations: {helm.sh/hook: test, helm.sh/hook-weight: "1"}}
`

func TestTestHooksRunInOrder(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("{{ .Release.Name }}", ""), "tests.yaml": testHook})})
	namespace := newNamespace(t, services)
	target := Target{Namespace: namespace, Name: "rel"}
	_, err := services.Test(t.Context(), TestRequest{Target: target, TimeoutMs: 600_000}, nil)
	problemtest.Want(t, err, problem.ReleaseNotFound)
	if _, err := services.Install(t.Context(), installation(namespace, "rel", "web"), nil); err != nil {
		t.Fatal(err)
	}
	runs, err := services.Test(t.Context(), TestRequest{Target: target, TimeoutMs: 600_000}, nil)
	if err != nil || len(runs) != 2 || runs[0].Name != "rel-first" || runs[1].Name != "rel-probe" {
		t.Fatalf("%v, %v", runs, err)
	}
	for _, run := range runs {
		if run.Phase != "Succeeded" || run.StartedAt == "" || run.CompletedAt == "" || run.Namespace != namespace {
			t.Errorf("run %+v", run)
		}
	}
	runs, err = services.Test(t.Context(), TestRequest{Target: target, TimeoutMs: 600_000, Filter: []string{"rel-first"}}, nil)
	if err != nil || len(runs) != 1 || runs[0].Name != "rel-first" {
		t.Errorf("filtered: %v, %v", runs, err)
	}
}

func TestAFailedTestIsAnAnswer(t *testing.T) {
	never := strings.Replace(testHook, "spec: {restartPolicy", "spec: {nodeSelector: {no: such-node}, restartPolicy", 1)
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"tests.yaml": never})})
	namespace := newNamespace(t, services)
	if _, err := services.Install(t.Context(), installation(namespace, "rel", "web"), nil); err != nil {
		t.Fatal(err)
	}
	var runs []TestRun
	var err error
	for _, timeoutMs := range growing {
		runs, err = services.Test(t.Context(), TestRequest{Target: Target{Namespace: namespace, Name: "rel"}, TimeoutMs: timeoutMs}, nil)
		if err == nil && len(runs) == 2 && runs[0].Phase == "Succeeded" {
			break
		}
	}
	if err != nil || len(runs) != 2 || runs[0].Phase != "Succeeded" || runs[1].Phase != "Failed" || runs[1].Message == "" {
		t.Errorf("%+v, %v", runs, err)
	}
}

func TestLiveObjectsBesideRecordedOnes(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"a.yaml": charttest.ConfigMap("a", "data: {size: small}\n"), "b.yaml": charttest.ConfigMap("b", ""), "web.yaml": charttest.Deployment,
	})})
	namespace := newNamespace(t, services)
	if _, err := services.Install(t.Context(), installation(namespace, "rel", "web"), nil); err != nil {
		t.Fatal(err)
	}
	question := RevisionRequest{Target: Target{Namespace: namespace, Name: "rel"}}
	before, err := services.Compare(t.Context(), question)
	if err != nil || len(before) != 3 {
		t.Fatalf("%v, %v", before, err)
	}
	for _, one := range before {
		delete(manifest.MapAt(one.Live, "metadata"), "resourceVersion")
		delete(manifest.MapAt(one.Applied, "metadata"), "resourceVersion")
		delete(one.Live, "status")
		delete(one.Applied, "status")
		if live, applied := jsontest.Of(t, one.Live), jsontest.Of(t, one.Applied); live != applied {
			t.Errorf("%s %s drifted by itself: %s, %s", one.Kind, one.Name, live, applied)
		}
	}
	core, err := ownCore(t, services).session.Core()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := core.ConfigMaps(namespace).Patch(context.Background(), "a", types.MergePatchType, []byte(`{"data": {"size": "big", "more": "x"}}`), metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := core.ConfigMaps(namespace).Delete(context.Background(), "b", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	after, err := services.Compare(t.Context(), question)
	if err != nil {
		t.Fatal(err)
	}
	a, b := after[0], after[1]
	if manifest.TextAt(a.Live, "data", "size") != "big" || manifest.TextAt(a.Applied, "data", "size") != "small" || manifest.TextAt(a.Applied, "data", "more") != "x" {
		t.Errorf("a: live %v, applied %v", a.Live, a.Applied)
	}
	if b.Name != "b" || b.Live != nil || b.Applied != nil {
		t.Errorf("b: %+v", b)
	}
}

func TestSeveralReleasesAtOnce(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("{{ .Release.Name }}", "")})})
	namespace := newNamespace(t, services)
	if _, err := services.Install(t.Context(), installation(namespace, "rel", "web"), nil); err != nil {
		t.Fatal(err)
	}
	batch := GetManyRequest{Releases: []RevisionName{
		{Namespace: namespace, Name: "gone"}, {Namespace: namespace, Name: "rel"}, {Namespace: namespace, Name: "rel", Revision: 1}, {Namespace: namespace, Name: "NOT A NAME"},
	}}
	found, wrong := make([]*Release, 4), make([]*problem.Problem, 4)
	keep := func(index int, one *Release, why *problem.Problem) error {
		found[index], wrong[index] = one, why
		return nil
	}
	err := services.GetMany(t.Context(), batch, keep)
	if err != nil || found[0] != nil || wrong[0] != nil || found[1].Revision != 1 || found[2].Manifest != found[1].Manifest {
		t.Errorf("%+v, %v", found, err)
	}
	if wrong[3] == nil || wrong[3].Code != problem.ReleaseNameInvalid {
		t.Errorf("%+v", wrong[3])
	}
	batch.Brief = true
	if err := services.GetMany(t.Context(), batch, keep); err != nil || found[1].Manifest != "" || len(found[1].Objects) == 0 {
		t.Errorf("brief: %+v, %v", found[1], err)
	}
}
