package cluster

import (
	"context"
	"log/slog"

	"helm.sh/helm/v4/pkg/kube"
)

// FieldManager owns the fields that Helm applies. It is the helm command's, so that Walm and the command can be used
// alternately on a release without conflicts.
const FieldManager = "helm"

func init() {
	kube.ManagedFieldsManager = FieldManager
}

// Quiet demotes Helm's own log to debug level: what matters is in the answer.
func Quiet(log *slog.Logger) slog.Handler {
	return &demotedHandler{Handler: log.Handler()}
}

// demotedHandler passes records on only if debugging is on, whatever their level.
type demotedHandler struct {
	slog.Handler
}

// Enabled is part of slog.Handler.
func (h *demotedHandler) Enabled(ctx context.Context, _ slog.Level) bool {
	return h.Handler.Enabled(ctx, slog.LevelDebug)
}
