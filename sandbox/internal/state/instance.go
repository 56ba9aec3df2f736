package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"
)

// Instance describes the sandbox on a folder: its addresses, kept across restarts so that existing kubeconfigs stay
// valid, and the progress of its current start.
type Instance struct {
	// Server is the URL of the API server.
	Server string `json:"server"`
	// APIServerPort and EtcdPort are ports of 127.0.0.1.
	APIServerPort int `json:"apiServerPort"`
	EtcdPort      int `json:"etcdPort"`
	// KubernetesVersion is the version the API server reports, like v1.36.3.
	KubernetesVersion string `json:"kubernetesVersion"`
	// Nodes is how many nodes the sandbox keeps.
	Nodes int `json:"nodes"`
	// StartedAt is when the current or last process started.
	StartedAt time.Time `json:"startedAt"`
	// ReadyAfterSeconds is how long that start took; 0 until it is ready.
	ReadyAfterSeconds float64 `json:"readyAfterSeconds"`
}

func (f Folder) instanceFile() string { return f.in("sandbox.json") }

// Instance reads the record; the zero Instance when there is none yet.
func (f Folder) Instance() (Instance, error) {
	data, err := os.ReadFile(f.instanceFile())
	if errors.Is(err, os.ErrNotExist) {
		return Instance{}, nil
	}
	if err != nil {
		return Instance{}, err
	}
	var instance Instance
	if err := json.Unmarshal(data, &instance); err != nil {
		return Instance{}, fmt.Errorf("%s is damaged; start with --fresh to discard it: %w", f.instanceFile(), err)
	}
	return instance, nil
}

// Save replaces the record in one step, so that no reader sees half of it.
func (f Folder) Save(instance Instance) error {
	data, err := json.MarshalIndent(instance, "", "  ")
	if err != nil {
		return err
	}
	temporary := f.instanceFile() + ".new"
	if err := os.WriteFile(temporary, append(data, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, f.instanceFile())
}
