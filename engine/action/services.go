// Package action performs Helm's operations on releases: each call gets its own Helm configuration on top of the
// cluster's warm clients, and every failure comes out as a problem with a stable code.
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

// Services are what every operation stands on.
type Services struct {
	Cluster *client.Cluster
	Charts  rendering.Charts
	// FetchSchema follows references of values schemas to other documents; nil refuses them.
	FetchSchema chart.SchemaFetcher
	// Renders executes templates and Jsonnet those of jsonnet charts, RenderLimit bounds each for one chart.
	Renders     *renderer.Pool
	Jsonnet     *jsonnet.Renderer
	RenderLimit time.Duration
	// Records is how all operations read what Helm recorded.
	Records record.Reading
	// ChangeDocuments lets the server change documents; nil where there is no server.
	ChangeDocuments rendering.ChangeDocuments
	// FindOutputSecrets lets the server say what is secret in the outputs of a chart; nil where there is no server.
	FindOutputSecrets rendering.FindOutputSecrets
	// SealRevision lets the server seal what is about to be recorded; nil where there is no server.
	SealRevision seal.Ask
	Log          *slog.Logger
}

// Target names a release and the person it is touched for.
type Target struct {
	Identity  *client.Identity `json:"identity"`
	Namespace string           `json:"namespace"`
	Name      string           `json:"name"`
	// Judged are the revisions that the server has looked at before it lets Walm act by itself; empty for what a person
	// asks for. The operation then reads the release once, and acts on nothing else than these; see judgedHistory.
	Judged []seal.Facts `json:"judged,omitempty"`
}

// caller is who shares what there is little of.
func (t Target) caller() fair.Caller {
	caller := fair.Caller{Namespace: t.Namespace}
	if t.Identity != nil {
		caller.User = t.Identity.User
	}
	return caller
}
