package action

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v4/pkg/release/common"
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

func TestAKeptUninstallFreesTheName(t *testing.T) {
	services := testServices(t, charttest.Charts{
		"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")}),
		"bad": charttest.Files(map[string]string{"b.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {ports: [{port: 99999}]}\n"}),
	})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	removal := UninstallRequest{Target: request.Target, TimeoutMs: 600_000, KeepHistory: true}
	if _, err := services.Uninstall(t.Context(), removal, nil); err != nil {
		t.Fatal(err)
	}
	// An install that fails and is taken back leaves the name as it was.
	_, failed := services.Install(t.Context(), installation(namespace, "rel", "bad"), nil)
	problemtest.Want(t, failed, problem.ManifestInvalid)
	if _, err := services.RemoveFailedInstall(t.Context(), RemoveFailedInstallRequest{Target: request.Target, TimeoutMs: 20_000}, nil); err != nil {
		t.Fatal(err)
	}
	kept, err := services.Get(t.Context(), RevisionRequest{Target: request.Target})
	if err != nil || kept.Revision != 1 || kept.Status != "uninstalled" {
		t.Fatalf("%+v, %v", kept, err)
	}
	again, err := services.Install(t.Context(), request, nil)
	if err != nil || again.Revision != 2 {
		t.Fatalf("%+v, %v", again, err)
	}
	_, err = services.Install(t.Context(), request, nil)
	problemtest.Want(t, err, problem.ReleaseExists)
}

// TestAKeptUninstallAfterAFailureLeavesOneDeployed: Helm marks the newest revision, which was never deployed, and leaves the
// one before it as it is.
func TestAKeptUninstallAfterAFailureLeavesOneDeployed(t *testing.T) {
	services := testServices(t, charttest.Charts{
		"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")}),
		"bad": charttest.Files(map[string]string{"b.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {ports: [{port: 99999}]}\n"}),
	})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	_, failed := services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: installation(namespace, "rel", "bad")}, nil)
	problemtest.Want(t, failed, problem.ManifestInvalid)
	removal := UninstallRequest{Target: request.Target, TimeoutMs: 600_000, KeepHistory: true}
	if _, err := services.Uninstall(t.Context(), removal, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	history, err := services.History(t.Context(), request.Target)
	if err != nil {
		t.Fatal(err)
	}
	states := []string{}
	for _, revision := range history {
		states = append(states, revision.Status)
	}
	if want := []string{"superseded", "superseded", "deployed"}; !slices.Equal(states, want) {
		t.Errorf("the revisions are %v, not %v", states, want)
	}
}

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

// recordAs leaves a revision of the operation's release in the state of a crashed operation.
func recordAs(t *testing.T, op *operation, version int, status common.Status) {
	t.Helper()
	revision, err := op.recorded(version)
	if err != nil {
		t.Fatal(err)
	}
	revision.Info.Status = status
	if err := op.helm.Releases.Update(revision); err != nil {
		t.Fatal(err)
	}
}

func TestAPendingRevisionIsLockedUntilItIsSettled(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	op, err := services.begin(t.Context(), request.Target, nil)
	if err != nil {
		t.Fatal(err)
	}
	recordAs(t, op, 1, common.StatusPendingInstall)
	_, err = services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: request}, nil)
	problemtest.Want(t, err, problem.ReleaseLocked)
	_, err = services.Install(t.Context(), request, nil)
	problemtest.Want(t, err, problem.ReleaseLocked)
	if err := services.Settle(t.Context(), SettleRequest{Target: request.Target, Revision: 1, Description: "its server died"}); err != nil {
		t.Fatal(err)
	}
	again, err := services.Install(t.Context(), request, nil)
	if err != nil || again.Revision != 2 {
		t.Fatalf("%+v, %v", again, err)
	}
	err = services.Settle(t.Context(), SettleRequest{Target: request.Target, Revision: 9, Description: "x"})
	problemtest.Want(t, err, problem.ReleaseNotFound)
}

func TestAnOperationThatLosesTheClusterSaysThatItWasInterrupted(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")})})
	request := installation(newNamespace(t, services), "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	op := ownOperation(t, services, request.Target)
	recordAs(t, op, 1, common.StatusPendingInstall)
	lost := problem.New(problem.ClusterUnreachable, "the connection was refused")
	if err := op.settle(lost); !errors.Is(err, lost) {
		t.Errorf("the failure became %v", err)
	}
	history, err := services.History(t.Context(), request.Target)
	if err != nil {
		t.Fatal(err)
	}
	if len(history) != 1 || history[0].Status != "failed" || !strings.HasPrefix(history[0].Description, "interrupted: ") {
		t.Errorf("history %+v", history)
	}
}

func TestWhatADeployedRevisionReplacedIsSuperseded(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")})})
	request := installation(newNamespace(t, services), "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := services.Rewrite(t.Context(), rewriting(request.Target), nil); err != nil {
			t.Fatal(err)
		}
	}
	op := ownOperation(t, services, request.Target)
	recordAs(t, op, 2, common.StatusDeployed)
	settlement := SettleRequest{Target: request.Target, Revision: 3, Description: "its server died"}
	if err := services.Settle(t.Context(), settlement); err != nil {
		t.Fatal(err)
	}
	history, err := services.History(t.Context(), request.Target)
	if err != nil {
		t.Fatal(err)
	}
	statuses := []string{}
	for _, revision := range history {
		statuses = append(statuses, revision.Status)
	}
	if want := []string{"superseded", "superseded", "deployed"}; !slices.Equal(statuses, want) {
		t.Errorf("%v, want %v", statuses, want)
	}
}

// Its process may end between the two writes, and the change has come true with the first.
func TestARevisionIsDeployedBeforeTheOneThatItReplacesIsSuperseded(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")})})
	request := installation(newNamespace(t, services), "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	core, err := ownCore(t, services).session.Core()
	if err != nil {
		t.Fatal(err)
	}
	changes := map[string]func() error{
		"an upgrade": func() error {
			_, err := services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: request}, nil)
			return err
		},
		"a rewrite": func() error {
			_, err := services.Rewrite(t.Context(), rewriting(request.Target), nil)
			return err
		},
	}
	for what, change := range changes {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		records, err := core.Secrets(request.Namespace).List(t.Context(), metav1.ListOptions{LabelSelector: "owner=helm"})
		if err != nil {
			t.Fatal(err)
		}
		// The versions of all objects of a cluster are in the order of its writes.
		written := make([]int, len(records.Items))
		for index, record := range records.Items {
			written[index], _ = strconv.Atoi(record.ResourceVersion)
		}
		if newest := len(written) - 1; written[newest] > written[newest-1] {
			t.Errorf("%s: the versions of the records are %v", what, written)
		}
	}
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

// A record can contain any text; objects that it does not name cannot be removed.
func TestAnUninstallOfWhatCannotBeReadSaysSo(t *testing.T) {
	for name, manifest := range map[string]string{
		"no YAML": "{{", "no kind": "kind: {a: b}\napiVersion: [1]\nmetadata: 5\n", "a tag": "kind: !!binary AAAA\napiVersion: v1\nmetadata: {name: x}\n",
	} {
		t.Run(name, func(t *testing.T) {
			services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")})})
			request := installation(newNamespace(t, services), "rel", "web")
			if _, err := services.Install(t.Context(), request, nil); err != nil {
				t.Fatal(err)
			}
			op, err := services.begin(t.Context(), request.Target, nil)
			if err != nil {
				t.Fatal(err)
			}
			revisions, err := op.history()
			if err != nil || len(revisions) != 1 {
				t.Fatalf("%v, %v", revisions, err)
			}
			revisions[0].Manifest = manifest
			if err := op.helm.Releases.Update(revisions[0]); err != nil {
				t.Fatal(err)
			}
			_, err = services.Uninstall(t.Context(), UninstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil)
			problemtest.Want(t, err, problem.ManifestInvalid)
			if text := fmt.Sprint(err); !strings.Contains(text, "labels owner=helm,name=rel") {
				t.Error(text)
			}
		})
	}
}
