// Package sandbox puts the parts together: it starts them in order, waits until the cluster is usable, and
// ends them together.
package sandbox

import (
	"fmt"

	"walm.io/walm/sandbox/internal/kwok"
	"walm.io/walm/sandbox/internal/state"
)

// Options says what to start.
type Options struct {
	Folder state.Folder
	// Nodes is how many nodes there are, 1 to kwok.MaxNodes.
	Nodes int
	// APIServerPort and EtcdPort are ports of 127.0.0.1; 0 prefers the last ones used.
	APIServerPort, EtcdPort int
	// Fresh deletes what an earlier start left behind.
	Fresh bool
	// Sync makes etcd wait for the disk at every write.
	Sync bool
	// AuditLog is the absolute path of a file that gets a line for every request to the API server; empty for none.
	AuditLog string
	// TokenWebhook and AuthorizationConfig are absolute paths of files for the API server; empty for none.
	TokenWebhook, AuthorizationConfig string
}

// Validate returns what is wrong with the options.
func (o Options) Validate() error {
	if o.Nodes < 1 || o.Nodes > kwok.MaxNodes {
		return fmt.Errorf("--nodes %d: must be 1 to %d", o.Nodes, kwok.MaxNodes)
	}
	for name, port := range map[string]int{"--port": o.APIServerPort, "--etcd-port": o.EtcdPort} {
		if port < 0 || port > 65535 {
			return fmt.Errorf("%s %d: must be 0 to 65535", name, port)
		}
	}
	return nil
}

// Progress is called with a few words for each thing that the start waits for.
type Progress func(message string)
