package state

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTheDefaultFolderFollowsTheEnvironment(t *testing.T) {
	t.Setenv("HOME", "/home/someone")
	for _, c := range []struct{ own, xdg, want string }{
		{"/own", "/xdg", "/own"},
		{"", "/xdg", "/xdg/walm/sandbox"},
		{"", "relative", "/home/someone/.local/state/walm/sandbox"},
		{"", "", "/home/someone/.local/state/walm/sandbox"},
	} {
		t.Setenv("WALM_SANDBOX_STATE", c.own)
		t.Setenv("XDG_STATE_HOME", c.xdg)
		if got, err := DefaultFolder(); err != nil || string(got) != c.want {
			t.Errorf("with %+v it is %s (%v)", c, got, err)
		}
	}
}

func TestCreateMakesAPrivateFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b")
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	folder, err := Create(Folder(path))
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(string(folder))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Fatalf("mode is %v (%v)", info.Mode(), err)
	}
}

func TestDeleteSparesForeignFiles(t *testing.T) {
	folder, err := Create(Folder(filepath.Join(t.TempDir(), "state")))
	if err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(string(folder), "notes.txt")
	for _, file := range []string{folder.Kubeconfig(), foreign} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := folder.Delete(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder.Kubeconfig()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the kubeconfig is still there: %v", err)
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Errorf("a foreign file is gone: %v", err)
	}
	if err := os.Remove(foreign); err != nil {
		t.Fatal(err)
	}
	if err := folder.Delete(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(string(folder)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the empty folder is still there: %v", err)
	}
}

func TestAnInstanceIsReadAsItWasSaved(t *testing.T) {
	folder := Folder(t.TempDir())
	if instance, err := folder.Instance(); err != nil || instance != (Instance{}) {
		t.Fatalf("an empty folder has %+v (%v)", instance, err)
	}
	saved := Instance{
		Server: "https://127.0.0.1:6443", APIServerPort: 6443, EtcdPort: 2379, KubernetesVersion: "v1.36.3",
		Nodes: 3, StartedAt: time.Unix(1000, 0).UTC(), ReadyAfterSeconds: 3.5,
	}
	if err := folder.Save(saved); err != nil {
		t.Fatal(err)
	}
	if read, err := folder.Instance(); err != nil || read != saved {
		t.Fatalf("read %+v (%v)", read, err)
	}
}
