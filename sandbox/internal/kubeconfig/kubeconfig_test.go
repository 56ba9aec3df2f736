package kubeconfig

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"walm.io/walm/sandbox/internal/pki"
)

func TestTheAdministratorsKubeconfigIsPrivateAndComplete(t *testing.T) {
	folder := t.TempDir()
	keys := pki.LayoutIn(filepath.Join(folder, "pki"))
	if err := keys.Ensure("10.96.0.1", time.Now()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "kubeconfig")
	if err := WriteAdmin(path, "https://127.0.0.1:6443", keys); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v (%v)", info.Mode(), err)
	}
	// It must not depend on files of the state folder.
	if err := os.RemoveAll(filepath.Join(folder, "pki")); err != nil {
		t.Fatal(err)
	}
	config, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if config.Host != "https://127.0.0.1:6443" || len(config.CAData) == 0 || len(config.CertData) == 0 || len(config.KeyData) == 0 {
		t.Errorf("incomplete: host %q, %d, %d and %d bytes", config.Host, len(config.CAData), len(config.CertData), len(config.KeyData))
	}
}
