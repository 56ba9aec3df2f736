package action

import (
	"slices"
	"testing"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

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
	wantStatuses(t, services, request.Target, "superseded", "superseded", "deployed")
}

// wantStatuses checks the statuses of a release's revisions, the oldest first.
func wantStatuses(t *testing.T, services *Services, target Target, want ...string) {
	t.Helper()
	history, err := services.History(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	statuses := []string{}
	for _, revision := range history {
		statuses = append(statuses, revision.Status)
	}
	if !slices.Equal(statuses, want) {
		t.Errorf("the statuses of the revisions are %v, not %v", statuses, want)
	}
}
