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

// Host is the operation that objects of the cluster are read and changed for.
type Host struct {
	// Context ends the operation: what it still sends then fails.
	Context context.Context
	// Owner is the release.
	Owner   ownership.Owner
	Session *client.Session
	Cluster *client.Cluster
	// Claims is what the operation may do to objects, kept by the session's transport.
	Claims *ownership.Claims
	// StandIns are those in what Helm is given of manifests; nil for none.
	StandIns *manifest.StandIns
	Report   progress.Reporter
	Warn     func(...problem.Warning)
	Log      *slog.Logger
}
