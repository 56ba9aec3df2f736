package action

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/release/common"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

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
	wantStatuses(t, services, request.Target, "superseded", "superseded", "deployed")
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
