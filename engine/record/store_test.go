package record

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	helmrelease "helm.sh/helm/v4/pkg/release"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage"
	"helm.sh/helm/v4/pkg/storage/driver"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

// placed is a record of web in demo at another revision, with a payload that names the revision `says`.
func placed(t *testing.T, revision, says int) *corev1.Secret {
	t.Helper()
	secret := secretWith(t, set("version", says))
	secret.Name = fmt.Sprintf("sh.helm.release.v1.web.v%d", revision)
	secret.Labels["version"] = strconv.Itoa(revision)
	return secret
}

func storeOf(ctx context.Context, reading Reading, secrets ...*corev1.Secret) (*Store, *fake.Clientset) {
	cluster := fake.NewSimpleClientset()
	for _, secret := range secrets {
		_, _ = cluster.CoreV1().Secrets("demo").Create(ctx, secret, metav1.CreateOptions{})
	}
	return reading.NewStore(ctx, cluster.CoreV1().Secrets("demo"), "demo"), cluster
}

func versions(t *testing.T, found []helmrelease.Releaser) (numbers []int) {
	t.Helper()
	for _, one := range found {
		numbers = append(numbers, one.(*release.Release).Version)
	}
	return numbers
}

func TestOnlyWhatIsReadableComesOutOfTheStore(t *testing.T) {
	misnamed := placed(t, 2, 2)
	misnamed.Name = "forged"
	misnamed.Labels["version"] = "99"
	store, _ := storeOf(t.Context(), DefaultReading(0), placed(t, 1, 9), placed(t, 2, 2), placed(t, 3, 3), misnamed)
	found, err := storage.Init(store).History("web")
	if got := versions(t, found); err != nil || len(got) != 2 || got[0] != 2 || got[1] != 3 {
		t.Fatalf("history %v, %v", got, err)
	}
	all, err := store.List(func(helmrelease.Releaser) bool { return true })
	if err != nil || len(all) != 2 {
		t.Errorf("list %v, %v", all, err)
	}
	if _, err := store.Get("sh.helm.release.v1.web.v1"); !problem.HasCode(err, problem.ReleaseUnreadable) {
		t.Errorf("revision 1: %v", err)
	}
	if _, err := store.Get("sh.helm.release.v1.web.v8"); !errors.Is(err, driver.ErrReleaseNotFound) {
		t.Errorf("revision 8: %v", err)
	}
}

func TestNobodyActsOnAReleaseWhoseNewestRecordCannotBeRead(t *testing.T) {
	store, cluster := storeOf(t.Context(), DefaultReading(0), placed(t, 2, 2), placed(t, 3, 9))
	if found, err := storage.Init(store).Last("web"); !problem.HasCode(err, problem.ReleaseUnreadable) {
		t.Fatalf("the last is %v, %v", found, err)
	}
	if err := cluster.CoreV1().Secrets("demo").Delete(t.Context(), "sh.helm.release.v1.web.v3", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	found, err := storage.Init(store).Last("web")
	if err != nil || found.(*release.Release).Version != 2 {
		t.Errorf("afterwards %v, %v", found, err)
	}
}

func TestUnreadableRecordsGoWithTheirRelease(t *testing.T) {
	other := placed(t, 1, 9)
	other.Name, other.Labels["name"] = "sh.helm.release.v1.other.v1", "other"
	store, cluster := storeOf(t.Context(), DefaultReading(0), placed(t, 1, 9), placed(t, 2, 2), other)
	if _, err := store.Query(map[string]string{"owner": "helm", "name": "web"}); err != nil {
		t.Fatal(err)
	}
	if err := store.RemoveUnreadable("web"); err != nil {
		t.Fatal(err)
	}
	left, err := cluster.CoreV1().Secrets("demo").List(t.Context(), metav1.ListOptions{})
	if err != nil || len(left.Items) != 2 {
		t.Errorf("%d left, %v", len(left.Items), err)
	}
}

// hiddenBy is a record that Helm does not find by its labels.
func hiddenBy(t *testing.T, revision int, label, says string) *corev1.Secret {
	t.Helper()
	secret := placed(t, revision, revision)
	secret.Labels[label] = says
	return secret
}

func TestWhatLabelsHideStandsAtItsPlaceAllTheSame(t *testing.T) {
	wanted := map[string]string{"owner": "helm", "name": "web"}
	opaque := placed(t, 3, 3)
	opaque.Type, opaque.Labels = "Opaque", nil
	for name, newest := range map[string][]*corev1.Secret{
		"another name":  {placed(t, 2, 2), hiddenBy(t, 3, "name", "other")},
		"no name":       {placed(t, 2, 2), hiddenBy(t, 3, "name", "")},
		"another owner": {placed(t, 2, 2), hiddenBy(t, 3, "owner", "me")},
		"another type":  {placed(t, 2, 2), opaque},
		"several":       {placed(t, 2, 2), hiddenBy(t, 3, "owner", "me"), hiddenBy(t, 4, "name", "other")},
		"all of them":   {hiddenBy(t, 1, "name", "other")},
	} {
		t.Run(name, func(t *testing.T) {
			store, _ := storeOf(t.Context(), DefaultReading(0), newest...)
			all, err := store.Find(wanted)
			if err != nil || len(all) != len(newest) {
				t.Fatalf("found %v, %v", all, err)
			}
			last := all[len(all)-1]
			if _, err := storage.Init(store).Last("web"); !problem.HasCode(err, problem.ReleaseUnreadable) || last.Err == nil {
				t.Errorf("the last is %v, %v", last, err)
			}
		})
	}
}

func TestWhatLabelsHideBeforeTheOthersGoesWithTheRelease(t *testing.T) {
	store, cluster := storeOf(t.Context(), DefaultReading(0), hiddenBy(t, 2, "name", "other"), placed(t, 3, 3))
	found, err := store.Query(map[string]string{"owner": "helm", "name": "web"})
	if got := versions(t, found); err != nil || len(got) != 1 || got[0] != 3 {
		t.Fatalf("read %v, %v", got, err)
	}
	if err := store.RemoveUnreadable("web"); err != nil {
		t.Fatal(err)
	}
	left, err := cluster.CoreV1().Secrets("demo").List(t.Context(), metav1.ListOptions{})
	if err != nil || len(left.Items) != 1 {
		t.Errorf("%d left, %v", len(left.Items), err)
	}
}

func TestAHistoryHasABudget(t *testing.T) {
	reading := DefaultReading(0)
	reading.Limits.HistoryBytes = 2000
	secrets := []*corev1.Secret{}
	for revision := range 9 {
		secrets = append(secrets, placed(t, revision+1, revision+1))
	}
	store, _ := storeOf(t.Context(), reading, secrets...)
	if _, err := store.Query(map[string]string{"name": "web"}); !problem.HasCode(err, problem.ReleaseUnreadable) {
		t.Errorf("%v", err)
	}
}

func TestOneUserLeavesRoomForTheRecordsOfOthers(t *testing.T) {
	secrets := []*corev1.Secret{placed(t, 1, 1), placed(t, 2, 2), placed(t, 3, 3)}
	reading := DefaultReading(0)
	reading.Gate = NewGate(100, 50)
	greedy := fair.Caller{User: "greedy"}
	// An operation that hangs holds what it has read.
	hanging, _ := storeOf(t.Context(), reading.For(greedy), secrets...)
	if _, err := hanging.Query(map[string]string{"name": "web"}); err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	again, _ := storeOf(impatient, reading.For(greedy), secrets...)
	if _, err := again.Query(map[string]string{"name": "web"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the next one of the same user: %v", err)
	}
	others, _ := storeOf(t.Context(), reading.For(fair.Caller{User: "other"}), secrets...)
	if _, err := others.Query(map[string]string{"name": "web"}); err != nil {
		t.Error(err)
	}
}

func TestDecodingWaitsForRoomAndGivesItBackWithItsCall(t *testing.T) {
	reading := DefaultReading(0)
	reading.Gate = NewGate(100, 100)
	first, end := context.WithCancel(t.Context())
	defer end()
	store, cluster := storeOf(first, reading, placed(t, 2, 2))
	if _, err := store.Get("sh.helm.release.v1.web.v2"); err != nil {
		t.Fatal(err)
	}
	// The same call continues, another one waits, and a third gives up.
	if _, err := store.Get("sh.helm.release.v1.web.v2"); err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	third := reading.NewStore(impatient, cluster.CoreV1().Secrets("demo"), "demo")
	if _, err := third.Get("sh.helm.release.v1.web.v2"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("the third: %v", err)
	}
	done := make(chan error, 1)
	second := reading.NewStore(t.Context(), cluster.CoreV1().Secrets("demo"), "demo")
	go func() {
		_, err := second.Get("sh.helm.release.v1.web.v2")
		done <- err
	}()
	end()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Minute):
		t.Error("nothing was given back")
	}
}
