package action

import (
	"context"
	"errors"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/client"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
	"walm.io/engine/progress"
)

func TestLifeOfARelease(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"deployment.yaml": charttest.Deployment,
		"kept.yaml":       charttest.ConfigMap("kept", "  annotations: {\"helm.sh/resource-policy\": keep}\n"),
	})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	request.Labels = map[string]string{"team": "red"}
	request.Description = "first"
	steps := []progress.Step{}
	installed, err := services.Install(t.Context(), request, func(step progress.Step) { steps = append(steps, step) })
	if err != nil {
		t.Fatal(err)
	}
	if installed.Status != "deployed" || installed.Revision != 1 || installed.Description != "first" || installed.Labels["team"] != "red" {
		t.Fatalf("installed %+v", installed.Summary)
	}
	if len(installed.Objects) != 2 || installed.Objects[1].Namespace != namespace || installed.ReleaseConfig != nil {
		t.Errorf("objects %+v", installed.Objects)
	}
	if last := steps[len(steps)-1]; last.Phase != progress.PhaseApply || last.Done != 2 || last.Total != 2 {
		t.Errorf("the last progress is %+v", last)
	}

	upgrading := UpgradeRequest{InstallRequest: request, MaxHistory: 2, ExpectedRevision: 1}
	upgrading.Values = map[string]any{"replicas": 2}
	for revision := 2; revision <= 3; revision++ {
		upgraded, err := services.Upgrade(t.Context(), upgrading, nil)
		if err != nil || upgraded.Revision != revision {
			t.Fatalf("upgrade to %d: %+v, %v", revision, upgraded, err)
		}
		upgrading.ExpectedRevision = revision
	}
	upgrading.ExpectedRevision = 1
	_, err = services.Upgrade(t.Context(), upgrading, nil)
	problemtest.Want(t, err, problem.RevisionMismatch)

	history, err := services.History(t.Context(), request.Target)
	if err != nil || len(history) != 2 || history[0].Revision != 2 || history[0].Status != "superseded" {
		t.Errorf("history %+v, %v", history, err)
	}
	listed, err := services.List(t.Context(), nil, namespace)
	if err != nil || len(listed) != 1 || listed[0].Revision != 3 {
		t.Errorf("list %+v, %v", listed, err)
	}

	removed, err := services.Uninstall(t.Context(), UninstallRequest{Target: request.Target, TimeoutMs: 600_000, Wait: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if removed.Kept == nil || removed.Warnings == nil {
		t.Errorf("lists are null in the answer: %+v", removed)
	}
	if len(removed.Kept) != 1 || removed.Kept[0].Name != "kept" || removed.Kept[0].Kind != "ConfigMap" {
		t.Errorf("kept %+v", removed.Kept)
	}
	core, err := ownCore(t, services).session.Core()
	if err != nil {
		t.Fatal(err)
	}
	pods, err := core.Pods(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil || len(pods.Items) != 0 {
		t.Errorf("%d pods are left after a waiting uninstall, %v", len(pods.Items), err)
	}
	gone, err := services.Get(t.Context(), RevisionRequest{Target: request.Target})
	if err != nil || gone != nil {
		t.Errorf("after the uninstall: %v, %v", gone, err)
	}
	_, err = services.Uninstall(t.Context(), UninstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil)
	problemtest.Want(t, err, problem.ReleaseNotFound)
	_, err = services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: request}, nil)
	problemtest.Want(t, err, problem.ReleaseNotFound)
}

func TestOperationsActForTheCaller(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	request.Identity = &client.Identity{User: "nobody", Groups: []string{"system:authenticated"}}
	_, err := services.Install(t.Context(), request, nil)
	problemtest.Want(t, err, problem.Forbidden)
	request.Identity = &client.Identity{User: " "}
	if _, err = services.Install(t.Context(), request, nil); err == nil || errors.Is(err, context.Canceled) {
		t.Fatalf("an empty identity was accepted: %v", err)
	}
}
