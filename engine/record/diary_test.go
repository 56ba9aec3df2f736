package record

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/fake"

	"walm.io/engine/problem"
)

// noted is a record of web as the cluster returns it, with a UID.
func noted(t *testing.T, revision int, uid string) *corev1.Secret {
	t.Helper()
	secret := secretWith(t, func(made map[string]any) {
		set("version", revision)(made)
		set("config.deep", nested(60))(made)
	})
	secret.Name = Place{Name: "web", Revision: revision}.SecretName()
	secret.Labels["version"] = strconv.Itoa(revision)
	secret.UID = types.UID(uid)
	secret.ResourceVersion = "7"
	return secret
}

func diaryOf(t *testing.T, folder string) *Diary {
	t.Helper()
	diary, err := OpenDiary(folder, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return diary
}

// readBy reads a record like a newly started engine.
func readBy(t *testing.T, diary *Diary, secret *corev1.Secret) error {
	t.Helper()
	reading := DefaultReading(0)
	reading.Diary = diary
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cluster := fake.NewSimpleClientset(secret)
	_, err := reading.NewStore(ctx, cluster.CoreV1().Secrets("demo"), "demo").Get(secret.Name)
	return err
}

const diaryFolder = "WALM_TEST_DIARY"

// killing is an engine that crashes on a record: its stack is so small that deeply nested (but allowed) values exhaust
// it.
func killing(t *testing.T, folder string) {
	reading := DefaultReading(0)
	reading.Diary = diaryOf(t, folder)
	store := reading.NewStore(t.Context(), fake.NewSimpleClientset().CoreV1().Secrets("demo"), "demo")
	secret := noted(t, 1, "killer")
	debug.SetMaxStack(1 << 14)
	var reader sync.WaitGroup
	reader.Go(func() { _, _ = store.decode(secret) })
	reader.Wait()
}

// An exhausted stack cannot be recovered: it ends the process, with everything that other callers do in it.
func TestARecordThatEndsTheEngineIsNotReadForever(t *testing.T) {
	if folder := os.Getenv(diaryFolder); folder != "" {
		killing(t, folder)
		return
	}
	folder := t.TempDir()
	for died := range maxCrashes {
		engine := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		engine.Env = append(os.Environ(), diaryFolder+"="+folder)
		if said, err := engine.CombinedOutput(); err == nil || !strings.Contains(string(said), "stack exceeds") {
			t.Fatalf("engine %d was not ended: %v, %.300s", died, err, said)
		}
	}
	diary := diaryOf(t, folder)
	err := readBy(t, diary, noted(t, 1, "killer"))
	if found, _ := problem.From(err); found == nil || found.Code != problem.ReleaseUnreadable ||
		found.Details["reason"] != "the engine ended 3 times while it read it" {
		t.Fatalf("%v", err)
	}
	changed := noted(t, 1, "killer")
	changed.ResourceVersion = "8"
	for what, other := range map[string]*corev1.Secret{"another": noted(t, 2, "innocent"), "the same, changed": changed} {
		if err := readBy(t, diary, other); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := readBy(t, diaryOf(t, folder), noted(t, 1, "killer")); !problem.HasCode(err, problem.ReleaseUnreadable) {
		t.Errorf("the next engine has forgotten it: %v", err)
	}
}

func marks(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(entries))
	for index, entry := range entries {
		names[index] = entry.Name()
	}
	return strings.Join(names, " ")
}

func TestWhoWasReadBesideItIsNotBlamed(t *testing.T) {
	folder := t.TempDir()
	for _, mark := range []string{"innocent_7.open", "killer_7.open", "half_7.open"} {
		text := "2"
		if mark == "half_7.open" {
			text = ""
		}
		if err := os.WriteFile(filepath.Join(folder, mark), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	diary := diaryOf(t, folder)
	if got := marks(t, folder); got != "half_7.died innocent_7.died killer_7.died" {
		t.Fatalf("marks %s", got)
	}
	if err := readBy(t, diary, noted(t, 1, "half")); err != nil {
		t.Fatal(err)
	}
	if got := marks(t, folder); got != "innocent_7.died killer_7.died" {
		t.Fatalf("marks %s", got)
	}
}

// Two readers of one record, one of which is left when the other has ended.
func TestAMarkStandsUntilNobodyReadsTheRecord(t *testing.T) {
	folder := t.TempDir()
	diary := diaryOf(t, folder)
	place := Place{Namespace: "demo", Name: "web", Revision: 1}
	var inside, leave sync.WaitGroup
	inside.Add(1)
	leave.Add(1)
	var done sync.WaitGroup
	done.Go(func() {
		_ = diary.read(place, "a_1", func() error { inside.Done(); leave.Wait(); return nil })
	})
	inside.Wait()
	_ = diary.read(place, "a_1", func() error { return nil })
	if got := marks(t, folder); got != "a_1.open" {
		t.Errorf("marks %q", got)
	}
	leave.Done()
	done.Wait()
	if got := marks(t, folder); got != "" {
		t.Errorf("marks %q", got)
	}
}

// A suspect is read while nothing else is: if the engine crashes again, the cause is known.
func TestASuspectIsReadAlone(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "suspect_1.open"), []byte("0"), 0o600); err != nil {
		t.Fatal(err)
	}
	diary := diaryOf(t, folder)
	place := Place{Namespace: "demo", Name: "web", Revision: 1}
	var done sync.WaitGroup
	for _, id := range []string{"a_1", "suspect_1", "b_1", "c_1"} {
		done.Go(func() {
			_ = diary.read(place, id, func() error {
				got := marks(t, folder)
				if alone := got == "suspect_1.died suspect_1.open"; (id == "suspect_1") != alone && strings.Contains(got, "suspect_1.open") {
					t.Errorf("%s was read beside %s", id, got)
				}
				return nil
			})
		})
	}
	done.Wait()
	if got := marks(t, folder); got != "" {
		t.Errorf("marks %q", got)
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	folder := t.TempDir()
	for index := range maxSuspects + 10 {
		name := filepath.Join(folder, "record-"+strings.Repeat("x", index/26)+string(rune('a'+index%26))+"_1.died")
		if err := os.WriteFile(name, []byte("3"), 0o600); err != nil {
			t.Skip("the file system has no such long names")
		}
		old := time.Now().Add(-time.Duration(index) * time.Hour)
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	}
	diary := diaryOf(t, folder)
	if left := len(strings.Fields(marks(t, folder))); left != maxSuspects || len(diary.deaths) != maxSuspects {
		t.Errorf("%d marks, %d remembered", left, len(diary.deaths))
	}
	if diary.deaths["record-a_1"] != 3 {
		t.Error("the newest is forgotten")
	}
	for _, secret := range []*corev1.Secret{{ObjectMeta: metav1.ObjectMeta{UID: "../x", ResourceVersion: "1"}}, {}} {
		if id := idOf(secret); id != "" {
			t.Errorf("id %q", id)
		}
	}
}
