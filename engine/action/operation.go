package action

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	helmaction "helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage"

	"walm.io/engine/client"
	"walm.io/engine/cluster"
	"walm.io/engine/history"
	"walm.io/engine/manifest"
	"walm.io/engine/ownership"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/record"
	"walm.io/engine/rendering"
	"walm.io/engine/seal"
)

// operation is one call of Helm: its clients, its record store and its configuration, shared with no other call.
type operation struct {
	*Services

	ctx     context.Context
	target  Target
	report  progress.Reporter
	session *client.Session
	claims  *ownership.Claims
	kube    *cluster.Client
	// placeholders are those in the manifests passed to Helm.
	placeholders *manifest.Placeholders
	rendering    *rendering.Host
	records      *history.Store
	helm         *helmaction.Configuration

	// foreseenHooks are those of a manifest that is only judged.
	foreseenHooks []*release.Hook

	inheritance sync.Mutex
	inherited   map[string]bool

	warnings []problem.Warning
}

// warn collects warnings for the answer.
func (o *operation) warn(warnings ...problem.Warning) {
	o.warnings = append(o.warnings, warnings...)
}

// begin prepares an operation; nothing is sent yet, except to discover the cluster's kinds the first time.
func (s *Services) begin(ctx context.Context, target Target, report progress.Reporter) (*operation, error) {
	if report == nil {
		report = func(progress.Step) {}
	}
	op := &operation{Services: s, ctx: ctx, target: target, report: report, warnings: []problem.Warning{}}
	op.claims = ownership.New(op.owner(), op.awaits)
	op.claims.Gone, op.claims.Inherits = op.isGone, op.inherits
	session, err := s.Cluster.Session(ctx, target.Identity, target.Namespace, op.claims, op.observe)
	if err != nil {
		return nil, err
	}
	op.session = session
	core, err := session.Core()
	if err != nil {
		return nil, err
	}
	capabilities, err := s.Cluster.Capabilities(ctx)
	if err != nil {
		return nil, err
	}
	op.records = history.New(s.Records.For(target.caller()).NewStore(ctx, core.Secrets(target.Namespace), target.Namespace), report)
	if len(target.Judged) > 0 {
		op.records.Judge(target.Name, target.Judged, op.sealFactsOf)
	}
	op.placeholders = &manifest.Placeholders{}
	op.records.Placeholders = op.placeholders
	op.kube = cluster.New(cluster.Host{
		Context: ctx, Owner: op.owner(), Session: session, Cluster: s.Cluster, Claims: op.claims,
		Placeholders: op.placeholders, Report: report, Warn: op.warn, Log: s.Log,
	})
	op.rendering = &rendering.Host{
		Context: ctx, Caller: target.caller(), Namespace: target.Namespace, Name: target.Name,
		Cluster: s.Cluster, Session: session, Charts: s.Charts, Renders: s.Renders, Jsonnet: s.Jsonnet, RenderLimit: s.RenderLimit,
		ChangeDocuments: s.ChangeDocuments, FindOutputSecrets: s.FindOutputSecrets,
		Placeholders: op.placeholders, Report: report, Warn: op.warn, Log: s.Log,
	}
	op.records.Notes = op.notes
	op.records.CutOff = op.isCutOff
	op.records.Failed = func() *problem.Problem { return op.recordable(op.kube.Failure()) }
	op.helm = helmaction.NewConfiguration(helmaction.ConfigurationSetLogger(cluster.Quiet(s.Log)))
	op.helm.RESTClientGetter = session
	op.helm.KubeClient = op.kube
	op.helm.Releases = storage.Init(op.records)
	op.helm.Capabilities = capabilities
	op.helm.HookOutputFunc = func(_, _, _ string) io.Writer { return io.Discard }
	return op, nil
}

// awaits reports which object has to be gone before the operation can continue.
func (o *operation) awaits(hanging ownership.Hanging) {
	object := hanging.Object
	o.report(progress.Step{
		Phase: progress.PhaseWait, Object: &object,
		Message: fmt.Sprintf("waiting for %s %s, which is being deleted, to be gone: %s", object.Kind, object.Name, hanging.Why()),
	})
}

// isCutOff tells whether the last failure was caused by an unreachable cluster.
func (o *operation) isCutOff() bool {
	return problem.HasCode(o.classify(o.kube.Failure()), problem.ClusterUnreachable)
}

// observe counts the objects that were applied.
func (o *operation) observe(request *http.Request, response *http.Response) {
	o.kube.Observe(request, response)
	if request.Method == http.MethodPatch && response != nil && response.StatusCode < http.StatusBadRequest {
		o.kube.Applied()
	}
}

// detached is the same operation after its cancellation, for what must still be written. It has a time limit of its
// own.
func (o *operation) detached(limit time.Duration) (*operation, context.CancelFunc, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(o.ctx), limit)
	target := o.target
	// It only ends what this operation itself wrote.
	target.Judged = nil
	op, err := o.begin(ctx, target, nil)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	op.records.Continue(o.records.Store)
	return op, cancel, nil
}

// waiting returns Helm's wait strategy and options. Without `wait` it only waits for hooks, like the helm command.
func (o *operation) waiting(wait bool) (kube.WaitStrategy, []kube.WaitOption) {
	options := []kube.WaitOption{kube.WithWaitContext(o.ctx)}
	if wait {
		return kube.StatusWatcherStrategy, options
	}
	return kube.HookOnlyStrategy, options
}

// uncancelled is the context for Helm. When its context is cancelled, Helm leaves its work running in the background;
// instead the requests of a cancelled operation fail, and Helm returns when its work has ended.
func (o *operation) uncancelled() context.Context {
	return context.WithoutCancel(o.ctx)
}

func (o *operation) cancelled() bool {
	return errors.Is(o.ctx.Err(), context.Canceled)
}

// sealer seals the revision of the operation if the server sent a token for it.
func (o *operation) sealer(token string) *seal.Sealer {
	return &seal.Sealer{
		Context: o.ctx, Namespace: o.target.Namespace, Name: o.target.Name, Scopes: o.Cluster.Scopes(o.ctx, nil),
		Warn: o.warn, Ask: o.SealRevision, Token: token,
	}
}

// sealFactsOf returns the facts against which the seal of a revision of the operation's release is verified.
func (o *operation) sealFactsOf(recorded *release.Release) (*seal.Facts, error) {
	objects := manifest.DocumentsOf(recorded.Manifest, o.target.Namespace, o.Cluster.Scopes(o.ctx, nil))
	return seal.FactsOf(recorded, record.Place{Namespace: o.target.Namespace, Name: o.target.Name, Revision: recorded.Version}, objects)
}

// owner is the release that the operation changes.
func (o *operation) owner() ownership.Owner {
	return ownership.Owner{Namespace: o.target.Namespace, Name: o.target.Name}
}

// writeRevision runs an operation that writes a revision of a release, and returns the result as recorded. If the
// operation fails, the revision that it left pending is marked as failed.
func (s *Services) writeRevision(
	ctx context.Context, target Target, timeoutMs int64, report progress.Reporter, write func(*operation) error,
) (*Release, error) {
	op, err := s.begin(ctx, target, report)
	if err != nil {
		return nil, s.beginProblem(target, err)
	}
	op.claims.Within(time.Duration(timeoutMs) * time.Millisecond)
	if err := write(op); err != nil {
		return nil, op.problemOf(op.settle(err))
	}
	return op.outcome()
}

// applyAs prepares for applying objects the way a recorded revision was applied, by the server or by the client. It
// returns whether conflicts of field owners are forced, which only the server can do.
func (o *operation) applyAs(recorded *release.Release, force bool) bool {
	serverSide := history.ServerSide(recorded)
	o.kube.ClientApply, o.kube.ClientSide, o.kube.Forces = !force && !serverSide, !serverSide, force
	if serverSide {
		o.session.ReadBriefly()
	}
	return force && serverSide
}
