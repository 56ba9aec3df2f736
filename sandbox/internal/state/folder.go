// Package state keeps what a sandbox needs to survive its process: the folder on disk, the process that uses it, and
// its addresses.
package state

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Folder is the private folder of one sandbox. Two sandboxes on two folders share nothing.
type Folder string

// DefaultFolder is $WALM_SANDBOX_STATE, else a folder of this user below $XDG_STATE_HOME or ~/.local/state.
func DefaultFolder() (Folder, error) {
	if path := os.Getenv("WALM_SANDBOX_STATE"); path != "" {
		return Folder(path), nil
	}
	if base := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(base) {
		return Folder(filepath.Join(base, "walm", "sandbox")), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no state folder: name one with --state or WALM_SANDBOX_STATE: %w", err)
	}
	return Folder(filepath.Join(home, ".local", "state", "walm", "sandbox")), nil
}

// Create makes the folder with mode 0700 and returns its absolute form. A folder that others can read is
// narrowed to 0700, because it holds the keys of the cluster.
func Create(path Folder) (Folder, error) {
	absolute, err := filepath.Abs(string(path))
	if err != nil {
		return "", fmt.Errorf("state folder %s: %w", path, err)
	}
	if err := os.MkdirAll(absolute, 0o700); err != nil {
		return "", fmt.Errorf("state folder %s cannot be made: %w", absolute, err)
	}
	if err := os.Chmod(absolute, 0o700); err != nil {
		return "", fmt.Errorf("state folder %s cannot be made private: %w", absolute, err)
	}
	return Folder(absolute), nil
}

// Open returns the absolute form of an existing folder; it creates nothing.
func Open(path Folder) (Folder, error) {
	absolute, err := filepath.Abs(string(path))
	if err != nil {
		return "", fmt.Errorf("state folder %s: %w", path, err)
	}
	info, err := os.Stat(absolute)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", fmt.Errorf("state folder %s is not a folder", absolute)
	}
	return Folder(absolute), nil
}

func (f Folder) in(parts ...string) string {
	return filepath.Join(append([]string{string(f)}, parts...)...)
}

// Kubeconfig is the file with the administrator's identity.
func (f Folder) Kubeconfig() string { return f.in("kubeconfig") }

// PKI is the folder of keys and certificates.
func (f Folder) PKI() string { return f.in("pki") }

// EtcdData is etcd's data folder.
func (f Folder) EtcdData() string { return f.in("etcd") }

// SchedulerConfig is the generated KubeSchedulerConfiguration.
func (f Folder) SchedulerConfig() string { return f.in("scheduler.yaml") }

// AuditPolicy is the generated policy of the API server's audit log.
func (f Folder) AuditPolicy() string { return f.in("audit-policy.yaml") }

// Log is the file that all components write to.
func (f Folder) Log() string { return f.in("sandbox.log") }

// RegistryLog is the file that the registry writes to.
func (f Folder) RegistryLog() string { return f.in("registry.log") }

// RegistryAddress is the file that holds the host and port of the registry that runs or ran last.
func (f Folder) RegistryAddress() string { return f.in("registry.address") }

// Registry is the folder of the OCI registry.
func (f Folder) Registry() string { return f.in("registry") }

// Delete removes what a sandbox wrote into the folder, and the folder if it is empty then. The caller must hold the
// folder's lock, or have verified that no process does.
func (f Folder) Delete() error {
	if err := f.DeleteCluster(); err != nil {
		return err
	}
	for _, path := range []string{f.Registry(), f.RegistryLog(), f.RegistryAddress(), f.Log(), f.lockFile(ClusterLock), f.lockFile(RegistryLock)} {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	// This fails if a file of someone else is left, which is intended.
	if err := os.Remove(string(f)); err != nil && !errors.Is(err, os.ErrNotExist) {
		entries, readErr := os.ReadDir(string(f))
		if readErr != nil || len(entries) == 0 {
			return err
		}
	}
	return nil
}

// DeleteCluster removes the cluster's data, keys and addresses, so that the next start is a first start.
// The log stays: a process may be writing it.
func (f Folder) DeleteCluster() error {
	for _, path := range []string{f.EtcdData(), f.PKI(), f.Kubeconfig(), f.SchedulerConfig(), f.AuditPolicy(), f.instanceFile()} {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}
