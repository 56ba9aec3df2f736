package cluster

import (
	"context"
	"log/slog"

	"walm.io/engine/client"
	"walm.io/engine/manifest"
	"walm.io/engine/ownership"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
)

// Host is the operation for which objects of the cluster are read and changed.
type Host struct {
	// Context ends the operation: later requests fail.
	Context context.Context
	// Owner is the release.
	Owner   ownership.Owner
	Session *client.Session
	Cluster *client.Cluster
	// Claims is what the operation may do to objects, enforced by the session's transport.
	Claims *ownership.Claims
	// Placeholders are those in the manifests passed to Helm; nil for none.
	Placeholders *manifest.Placeholders
	Report       progress.Reporter
	Warn         func(...problem.Warning)
	Log          *slog.Logger
}
