package record

import (
	"testing"
	"time"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/jsontext/jsontest"
	"walm.io/engine/problem"
)

const webKey = "sh.helm.release.v1.web.v2"

func readFrom(t *testing.T, store *Store) *release.Release {
	t.Helper()
	found, err := store.Get(webKey)
	if err != nil {
		t.Fatal(err)
	}
	return found.(*release.Release)
}

func withHook(made map[string]any) {
	made["hooks"] = []any{map[string]any{"name": "before", "kind": "Job", "path": "a.yaml", "manifest": "a: 1", "events": []any{"pre-install"}}}
}

func TestWhatAReaderChangesIsNotReadByTheNextOne(t *testing.T) {
	reading := DefaultReading(0)
	first, cluster := storeOf(t.Context(), reading, secretWith(t, withHook))
	before := jsontest.Of(t, readFrom(t, first))
	for _, read := range []func() *release.Release{
		func() *release.Release { return readFrom(t, first) },
		func() *release.Release {
			return readFrom(t, reading.NewStore(t.Context(), cluster.CoreV1().Secrets("demo"), "demo"))
		},
		func() *release.Release {
			found, err := first.Query(map[string]string{"name": "web"})
			if err != nil {
				t.Fatal(err)
			}
			return found[0].(*release.Release)
		},
	} {
		one := read()
		if got := jsontest.Of(t, one); got != before {
			t.Fatalf("read %s instead of %s", got, before)
		}
		one.Info.Status, one.Info.Description, one.Info.Deleted = common.StatusFailed, "changed", time.Now()
		one.Labels["changed"] = "yes"
		one.Hooks[0].LastRun.Phase, one.Hooks[0].DeletePolicies = release.HookPhaseFailed, []release.HookDeletePolicy{release.HookFailed}
		one.Hooks = append(one.Hooks, &release.Hook{})
	}
	if held := reading.Memory.recent.Len(); held != 1 {
		t.Errorf("%d records are remembered", held)
	}
	if labels := readFrom(t, first).Labels; labels["changed"] != "" {
		t.Errorf("labels %v", labels)
	}
}

func TestWhatIsRememberedCountsForItsPayloadAndPlaceOnly(t *testing.T) {
	reading := DefaultReading(0)
	secret := secretWith(t, func(map[string]any) {})
	store, cluster := storeOf(t.Context(), reading, secret)
	readFrom(t, store)
	moved := secret.DeepCopy()
	moved.Name, moved.Labels["version"] = "sh.helm.release.v1.web.v3", "3"
	edited := secretWith(t, set("manifest", "---\nkind: Other\n"))
	edited.Labels["mine"] = "yes"
	secrets := cluster.CoreV1().Secrets("demo")
	if _, err := secrets.Create(t.Context(), moved, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := secrets.Update(t.Context(), edited, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get("sh.helm.release.v1.web.v3"); !problem.HasCode(err, problem.ReleaseUnreadable) {
		t.Errorf("a record that speaks of another revision: %v", err)
	}
	if got := readFrom(t, store); got.Manifest != "---\nkind: Other\n" || got.Labels["mine"] != "yes" {
		t.Errorf("the edited record is read as %q, %v", got.Manifest, got.Labels)
	}
	edited.Labels["name"] = "other"
	if _, err := secrets.Update(t.Context(), edited, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Get(webKey); !problem.HasCode(err, problem.ReleaseUnreadable) {
		t.Errorf("a record whose labels say another release is read as %v, %v", got, err)
	}
}

func TestMemoryHasABudgetAndForgets(t *testing.T) {
	const weight = 1000
	memory := NewMemory(5*weight, time.Hour)
	key := func(revision int) memoryKey { return memoryKey{place: Place{"demo", "web", revision}} }
	for revision := range 20 {
		memory.keep(&remembered{key: key(revision), release: &release.Release{}, weight: weight})
		memory.find(key(0))
	}
	memory.keep(&remembered{key: key(99), release: &release.Release{}, weight: 2 * weight})
	if memory.held != 5*weight || memory.recent.Len() != 5 || len(memory.known) != 5 {
		t.Errorf("%d bytes of %d records (%d known) are remembered", memory.held, memory.recent.Len(), len(memory.known))
	}
	if memory.find(key(0)) == nil || memory.find(key(19)) == nil || memory.find(key(1)) != nil || memory.find(key(99)) != nil {
		t.Error("others are remembered than those that were read last")
	}
	memory.clear()
	if memory.held != 0 || memory.recent.Len() != 0 || memory.find(key(0)) != nil {
		t.Error("something is left")
	}
	memory.keep(&remembered{key: key(1), release: &release.Release{}, weight: weight})
	if memory.find(key(1)) == nil {
		t.Error("nothing is remembered any more")
	}
}
