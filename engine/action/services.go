// Package action performs Helm's operations on releases: each call gets its own Helm configuration on top of the
// cluster's warm clients, and every failure becomes a problem with a stable code.
package action

import (
	"log/slog"
	"time"

	"walm.io/engine/chart"
	"walm.io/engine/client"
	"walm.io/engine/fair"
	"walm.io/engine/jsonnet"
	"walm.io/engine/record"
	"walm.io/engine/renderer"
	"walm.io/engine/rendering"
	"walm.io/engine/seal"
)

// Services are the dependencies of every operation.
type Services struct {
	Cluster *client.Cluster
	Charts  rendering.Charts
	// FetchSchema follows references of values schemas to other documents; nil refuses them.
	FetchSchema chart.SchemaFetcher
	// Renders executes templates and Jsonnet jsonnet charts; RenderLimit is the time limit of each for one chart.
	Renders     *renderer.Pool
	Jsonnet     *jsonnet.Renderer
	RenderLimit time.Duration
	// Records is the only way in which operations read Helm's records.
	Records record.Reading
	// ChangeDocuments lets the server change documents; nil without a server.
	ChangeDocuments rendering.ChangeDocuments
	// FindOutputSecrets lets the server find secrets in the outputs of a chart; nil without a server.
	FindOutputSecrets rendering.FindOutputSecrets
	// SealRevision lets the server seal a revision before it is recorded; nil without a server.
	SealRevision seal.Ask
	Log          *slog.Logger
}

// Target names a release and the identity to use for it.
type Target struct {
	Identity  *client.Identity `json:"identity"`
	Namespace string           `json:"namespace"`
	Name      string           `json:"name"`
	// Judged are the revisions that the server has judged before an automatic change; empty for a change requested by a
	// user. The operation then reads the release once, and uses only these revisions; see judgedHistory.
	Judged []seal.Facts `json:"judged,omitempty"`
}

// caller is the caller whose share of scarce resources is used.
func (t Target) caller() fair.Caller {
	caller := fair.Caller{Namespace: t.Namespace}
	if t.Identity != nil {
		caller.User = t.Identity.User
	}
	return caller
}
