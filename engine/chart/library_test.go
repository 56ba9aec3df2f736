package chart

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

func TestAddKeepsTheArchiveByItsContent(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "charts")
	store, err := NewStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	library := NewLibrary(store, DefaultLimits())
	data := webArchive(t)
	archive, err := library.AddBytes(t.Context(), fair.Caller{}, data)
	if err != nil {
		t.Fatal(err)
	}
	want := Archive{Digest: DigestOf(data), Bytes: len(data), Name: "web", Version: "1.2.3"}
	if archive != want {
		t.Fatalf("got %+v", archive)
	}
	kept := filepath.Join(folder, strings.TrimPrefix(archive.Digest, "sha256:")+".tgz")
	info, err := os.Stat(kept)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("got %v, %v", info, err)
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Fatalf("got %v, %v", info, err)
	}
	if content, err := os.ReadFile(kept); err != nil || !bytes.Equal(content, data) {
		t.Fatalf("got %d bytes, %v", len(content), err)
	}
}

// The server removes the least recently used archives, by the time of their files.
func TestAnArchiveThatIsUsedFromMemoryCountsAsUsed(t *testing.T) {
	folder := t.TempDir()
	store, err := NewStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	library := NewLibrary(store, DefaultLimits())
	archive, err := library.AddBytes(t.Context(), fair.Caller{}, webArchive(t))
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(folder, strings.TrimPrefix(archive.Digest, "sha256:")+".tgz")
	for name, use := range map[string]func() error{
		"load":    func() error { _, err := library.Load(t.Context(), fair.Caller{}, archive.Digest); return err },
		"verify":  func() error { _, err := library.Verify(t.Context(), fair.Caller{}, archive.Digest); return err },
		"inspect": func() error { _, err := library.Inspect(t.Context(), fair.Caller{}, archive.Digest); return err },
		"add":     func() error { _, err := library.AddBytes(t.Context(), fair.Caller{}, webArchive(t)); return err },
	} {
		started := time.Now()
		old := started.Add(-time.Hour)
		if err := os.Chtimes(kept, old, old); err != nil {
			t.Fatal(err)
		}
		if err := use(); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(kept); err != nil || info.ModTime().Before(started.Add(-time.Minute)) {
			t.Errorf("%s: %v, %v", name, info.ModTime(), err)
		}
	}
}

func TestRefusedArchivesAreNotKept(t *testing.T) {
	folder := t.TempDir()
	store, err := NewStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	_, err = NewLibrary(store, DefaultLimits()).AddBytes(t.Context(), fair.Caller{}, []byte("nonsense"))
	wantCode(t, err, problem.ChartArchiveInvalid)
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Fatalf("left behind: %v, %v", left, err)
	}
}

func TestLoadVerifiesWhatOthersPlaced(t *testing.T) {
	folder := t.TempDir()
	store, err := NewStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	place := func(digest string, data []byte) {
		name := strings.TrimPrefix(digest, "sha256:") + ".tgz"
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data := webArchive(t)
	place(DigestOf(data), data)
	place(DigestOf([]byte("other")), data)
	place(DigestOf([]byte("bad")), []byte("bad"))
	library := NewLibrary(store, DefaultLimits())

	if archive, err := library.Verify(t.Context(), fair.Caller{}, DigestOf(data)); err != nil || archive.Name != "web" {
		t.Fatalf("got %+v, %v", archive, err)
	}
	for digest, code := range map[string]problem.Code{
		DigestOf([]byte("other")):                 problem.ChartDigestMismatch,
		DigestOf([]byte("bad")):                   problem.ChartArchiveInvalid,
		DigestOf([]byte("absent")):                problem.ChartNotFound,
		"sha256:../../../etc/passwd":              problem.ChartReferenceInvalid,
		"sha256:" + strings.Repeat("A", 64):       problem.ChartReferenceInvalid,
		"md5:" + strings.Repeat("a", 64):          problem.ChartReferenceInvalid,
		"sha256:" + strings.Repeat("a", 64) + "/": problem.ChartReferenceInvalid,
	} {
		_, err := library.Load(t.Context(), fair.Caller{}, digest)
		wantCode(t, err, code)
	}
}

func TestEachLoadGivesAFreshChart(t *testing.T) {
	library := newLibrary(t)
	subchart := archiveOfEntries(t, file("db/Chart.yaml", "name: db\nversion: 1.0.0\n"))
	archive, err := library.AddBytes(t.Context(), fair.Caller{}, webArchive(t, file("values.yaml", "a: {b: 1}\n"), file("charts/db.tgz", string(subchart)), file("templates/x.yaml", "x")))
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			loaded, err := library.Load(t.Context(), fair.Caller{}, archive.Digest)
			if err != nil || len(loaded.Dependencies()) != 1 || len(loaded.Templates) != 1 || fmt.Sprint(loaded.Values) != "map[a:map[b:1]]" {
				t.Errorf("load %d: %+v, %v", i, loaded, err)
				return
			}
			loaded.Values["a"].(map[string]any)["b"] = i
			loaded.SetDependencies()
			loaded.Templates[0].Name = "changed"
			loaded.Metadata.Name = "changed"
		})
	}
	group.Wait()
}

func TestArchiveCacheForgetsTheLeastRecentlyUsed(t *testing.T) {
	cache := newArchiveCache(10)
	cache.put("a", make([]byte, 4), 0)
	cache.put("b", make([]byte, 4), 0)
	cache.get("a")
	cache.put("c", make([]byte, 4), 0)
	cache.put("huge", make([]byte, 11), 0)
	for digest, want := range map[string]bool{"a": true, "b": false, "c": true, "huge": false} {
		if _, found := cache.get(digest); found != want {
			t.Errorf("%s: got %v", digest, found)
		}
	}
}

func TestAddFolderPacksLikeHelm(t *testing.T) {
	parent := t.TempDir()
	folder, err := chartutil.Create("starter", parent)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "ignored.bak"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	library := newLibrary(t)
	first, err := library.AddFolder(t.Context(), fair.Caller{}, folder)
	if err != nil {
		t.Fatal(err)
	}
	second, err := library.AddFolder(t.Context(), fair.Caller{}, folder)
	if err != nil || first != second || first.Name != "starter" {
		t.Fatalf("got %+v and %+v, %v", first, second, err)
	}
	loaded, err := library.Load(t.Context(), fair.Caller{}, first.Digest)
	if err != nil || len(loaded.Templates) < 8 {
		t.Fatalf("got %+v, %v", loaded, err)
	}
	for _, file := range loaded.Raw {
		if strings.HasSuffix(file.Name, ".bak") {
			t.Error("packed an ignored file")
		}
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	_, err = library.AddFolder(t.Context(), fair.Caller{}, folder)
	wantCode(t, err, problem.ChartUnsafePath)
	_, err = library.AddFolder(t.Context(), fair.Caller{}, filepath.Join(parent, "absent"))
	wantCode(t, err, problem.ChartArchiveInvalid)
}

func BenchmarkLoadStarter(b *testing.B) {
	folder, err := chartutil.Create("starter", b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	library := newLibrary(b)
	archive, err := library.AddFolder(b.Context(), fair.Caller{}, folder)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		ctx, done := context.WithCancel(b.Context())
		_, err := library.Load(ctx, fair.Caller{}, archive.Digest)
		done()
		if err != nil {
			b.Fatal(err)
		}
	}
}

// Loaded charts count only against the share of their user.
func TestLoadedChartsTakeRoomUntilTheyAreDoneWith(t *testing.T) {
	library := newLibrary(t)
	archive, err := library.AddBytes(t.Context(), fair.Caller{}, webArchive(t))
	if err != nil {
		t.Fatal(err)
	}
	full, empty := context.WithCancel(t.Context())
	if _, err := library.room.enterUntilDone(full, fair.Caller{User: "greedy"}, roomShare); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := library.Load(short, fair.Caller{User: "greedy", Namespace: "a"}, archive.Digest); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("beyond the share: %v", err)
	}
	if _, err := library.Load(t.Context(), fair.Caller{User: "other"}, archive.Digest); err != nil {
		t.Errorf("the other: %v", err)
	}
	if _, err := library.Load(WithinRoom(full), fair.Caller{User: "greedy"}, archive.Digest); err != nil {
		t.Errorf("the second chart of one operation: %v", err)
	}
	empty()
	if _, err := library.Load(t.Context(), fair.Caller{User: "greedy"}, archive.Digest); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
