package action

import (
	"context"
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v4/pkg/release/common"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
	"walm.io/engine/progress"
)

func TestAFailedInstallCanBeRepeatedAndRemoved(t *testing.T) {
	services := testServices(t, charttest.Charts{
		"bad": charttest.Files(map[string]string{
			"a.yaml":    charttest.ConfigMap("made", ""),
			"hook.yaml": charttest.ConfigMap("hook", "  annotations: {\"helm.sh/hook\": pre-install}\n"),
			"pvc.yaml":  "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: claim}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n",
			"b.yaml":    "apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {ports: [{port: 99999}]}\n",
		}),
		"good": charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("made", "")}),
	})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "bad")
	_, err := services.Install(t.Context(), request, nil)
	refused := problemtest.Want(t, err, problem.ManifestInvalid)
	if refused.Object == nil || refused.Object.Name != "svc" {
		t.Errorf("the object is %+v: %s", refused.Object, refused.Message)
	}
	_, err = services.Install(t.Context(), request, nil)
	problemtest.Want(t, err, problem.ManifestInvalid)

	cleaned, err := services.RemoveFailedInstall(t.Context(), RemoveFailedInstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if names := refNames(cleaned.Removed); names != "ConfigMap/hook ConfigMap/made" && names != "ConfigMap/made ConfigMap/hook" {
		t.Errorf("removed %s", names)
	}
	if names := refNames(cleaned.Kept); names != "PersistentVolumeClaim/claim" {
		t.Errorf("kept %s", names)
	}
	request.Chart = "good"
	installed, err := services.Install(t.Context(), request, nil)
	if err != nil || installed.Revision != 1 {
		t.Fatalf("%+v, %v", installed, err)
	}
	_, err = services.RemoveFailedInstall(t.Context(), RemoveFailedInstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil)
	problemtest.Want(t, err, problem.ReleaseExists)
}

func refNames(refs []problem.ObjectRef) string {
	names := []string{}
	for _, ref := range refs {
		names = append(names, ref.Kind+"/"+ref.Name)
	}
	return strings.Join(names, " ")
}

func TestACancelledInstallEndsAndIsMarkedFailed(t *testing.T) {
	hook := "  annotations: {\"helm.sh/hook\": pre-install}\n"
	services := testServices(t, charttest.Charts{"slow": charttest.Files(map[string]string{
		"hook.yaml": strings.Replace(charttest.ConfigMap("never", hook), "apiVersion: v1\nkind: ConfigMap", "apiVersion: v1\nkind: Pod", 1) +
			"spec: {nodeName: no-such-node, containers: [{name: c, image: c}]}\n",
	})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "slow")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := services.Install(ctx, request, func(step progress.Step) {
		if step.Phase == progress.PhaseHooks && strings.HasPrefix(step.Message, "waiting") {
			time.AfterFunc(50*time.Millisecond, cancel)
		}
	})
	problemtest.Want(t, err, problem.Cancelled)
	left, err := services.Get(t.Context(), RevisionRequest{Target: request.Target})
	if err != nil || left.Status != common.StatusFailed.String() || left.Description != "cancelled" {
		t.Fatalf("%+v, %v", left, err)
	}
}
