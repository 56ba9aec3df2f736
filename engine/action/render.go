package action

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	helmaction "helm.sh/helm/v4/pkg/action"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	helmrelease "helm.sh/helm/v4/pkg/release"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/cluster"
	"walm.io/engine/history"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/rendering"
)

// RenderRequest asks what an install or upgrade would do.
type RenderRequest struct {
	Target
	rendering.Content

	IsUpgrade bool `json:"isUpgrade"`
	SkipCRDs  bool `json:"skipCrds,omitempty"`
	// Validate lets the cluster judge each object, too, as the change would with these of its parameters.
	Validate       bool   `json:"validate,omitempty"`
	CRDs           string `json:"crds,omitempty"`
	ForceConflicts bool   `json:"forceConflicts,omitempty"`
	Recreate       string `json:"recreate,omitempty"`
}

// crds is what the change does with the chart's definitions; unknown if the request only renders.
func (r RenderRequest) crds() string {
	if !r.Validate {
		return ""
	}
	return cmp.Or(r.CRDs, rendering.CRDsCreate)
}

// writesDefinitions tells whether the change would write what is in the chart's crds/.
func (r RenderRequest) writesDefinitions() bool {
	mode := cmp.Or(r.CRDs, rendering.CRDsCreate)
	return mode == rendering.CRDsApply || (mode == rendering.CRDsCreate && !r.IsUpgrade)
}

// brought gives those of the kinds that the chart defines whose definitions the change would write: Helm leaves those
// alone that are there, and all of them when it upgrades.
func (o *operation) brought(request RenderRequest, defined map[schema.GroupKind]bool) map[schema.GroupKind]bool {
	if request.crds() == rendering.CRDsSkip || (request.crds() == rendering.CRDsCreate && request.IsUpgrade) {
		return nil
	}
	brought := maps.Clone(defined)
	if request.crds() == rendering.CRDsCreate {
		maps.DeleteFunc(brought, func(kind schema.GroupKind, _ bool) bool {
			_, known := o.Cluster.Namespaced(o.ctx, kind)
			return known
		})
	}
	return brought
}

// Rendered is the answer to a RenderRequest.
type Rendered struct {
	Manifest string
	// Documents are the objects of the manifest in Helm's install order, Hooks its hooks.
	Documents []manifest.Document
	Hooks     []manifest.Document
	CRDs      []manifest.Document
	// Removals is what the upgrade would do to the objects that the release would not have any longer.
	Removals []cluster.Fate
	Notes    string
	// ComputedValues are what the templates saw as `.Values`, as JSON.
	ComputedValues json.RawMessage
	Warnings       []problem.Warning
}

// Render is Helm's `--dry-run=server`: live lookup, capabilities and conflict check, nothing written. Kinds that only
// the chart's own crds/ define count as known, other unknown kinds become warnings.
func (s *Services) Render(ctx context.Context, request RenderRequest, report progress.Reporter) (*Rendered, error) {
	op, err := s.begin(ctx, request.Target, report)
	if err != nil {
		return nil, s.beginProblem(request.Target, err)
	}
	rendered, err := op.preview(request)
	return rendered, op.problemOf(op.orEnding(err))
}

// orEnding replaces the refusal of an object that others own by OBJECT_BEING_DELETED if it is about to go: a change would
// wait for that.
func (o *operation) orEnding(err error) error {
	refused, ok := problem.From(o.classify(err))
	if err == nil || !ok || refused.Code != problem.ResourceExists || refused.Object == nil {
		return err
	}
	list, unbuilt := o.kube.Build(strings.NewReader(o.kube.Validated()), false)
	if unbuilt != nil {
		return err
	}
	for _, info := range list {
		if info.Mapping.GroupVersionKind.Kind != refused.Object.Kind || info.Name != refused.Object.Name || info.Namespace != refused.Object.Namespace {
			continue
		}
		if ending := cluster.Ending(info); ending != nil {
			return ending
		}
	}
	return err
}

func (o *operation) preview(request RenderRequest) (*Rendered, error) {
	if err := o.checkName(); err != nil {
		return nil, err
	}
	loaded, revisions, err := o.previewChart(request)
	if err != nil {
		return nil, err
	}
	definitions := manifest.Entries{}
	if !request.SkipCRDs {
		if definitions, err = o.chartDefinitions(loaded, request.Transform); err != nil {
			return nil, err
		}
	}
	if request.writesDefinitions() {
		if err := o.checkDefinitions(definitions); err != nil {
			return nil, err
		}
	}
	defined := definitions.DefinedKinds()
	warnings, err := o.namespaceWarning()
	if err != nil {
		return nil, err
	}
	o.kube.Lenient = true
	o.kube.Missing = func(documents []manifest.Document, cause error) error {
		unknown := unknownKinds(documents, o.brought(request, defined))
		if request.Validate && len(unknown) > 0 {
			return cause
		}
		warnings = append(warnings, unknown...)
		return nil
	}
	if request.crds() != rendering.CRDsApply {
		o.rendering.KnowKinds(loaded, request.crds())
	}
	literal, rendered, err := o.renderPreview(loaded, request, revisions)
	if err != nil {
		return nil, err
	}
	if !request.SkipCRDs {
		rendered.Definitions = func(hooks manifest.Entries) error {
			definitions = append(definitions, hooks...)
			maps.Copy(defined, hooks.DefinedKinds())
			return nil
		}
	}
	record, err := o.dryRun(request, literal, revisions)
	if err := rendered.FirstError(err); err != nil {
		return nil, err
	}
	made, err := history.ToRelease(record)
	if err != nil {
		return nil, err
	}
	made.Manifest = o.placeholders.Restore(made.Manifest)
	removals, refused, err := o.foretellRemovals(request, revisions, made.Manifest)
	if err != nil {
		return nil, err
	}
	if request.Validate {
		recorded := *made
		recorded.Chart, recorded.Config = loaded, request.Content.Values
		if err := history.CheckRecordable(&recorded, o.Records.Limits); err != nil {
			return nil, err
		}
		if err := o.twofold(made.Manifest, definitions, request); err != nil {
			return nil, err
		}
		judging := cluster.Judging{ForceConflicts: request.ForceConflicts, Upcoming: defined, Classify: o.classify}
		if !request.DisableHooks {
			o.foreseenHooks = made.Hooks
			judging.Hooks = request.runningHooks(made.Hooks)
		}
		if request.IsUpgrade {
			judging.Base, judging.Revisions = history.ComparedByUpgrade(revisions), revisions
			o.kube.Recreate, o.kube.MayRecreate = request.Recreate, true
		}
		if request.crds() != rendering.CRDsApply {
			judging.Upcoming = nil
		}
		if err := o.kube.Validate(made.Manifest, judging); err != nil {
			return nil, err
		}
		// The change applies first, and deletes afterwards.
		if refused != nil {
			return nil, refused
		}
	}
	scopes := o.Cluster.Scopes(o.ctx, defined)
	answer := &Rendered{
		Manifest:       made.Manifest,
		Documents:      manifest.DocumentsOf(made.Manifest, o.target.Namespace, scopes),
		Hooks:          manifest.HookDocuments(made.Hooks, o.target.Namespace, scopes),
		CRDs:           crdDocuments(definitions, scopes),
		Removals:       removals,
		Notes:          made.Info.Notes,
		ComputedValues: rendered.Computed,
		Warnings:       append(warnings, o.warnings...),
	}
	return answer, nil
}

// foretellRemovals foretells what an upgrade does to what its manifest lacks; refused is what the cluster refuses of it, if it is to validate.
func (o *operation) foretellRemovals(request RenderRequest, revisions []*release.Release, text string) (removals []cluster.Fate, refused, err error) {
	if !request.IsUpgrade {
		return []cluster.Fate{}, nil, nil
	}
	compared := history.ComparedByUpgrade(revisions)
	if err := o.findLeftovers(revisions, compared.Version); err != nil {
		return nil, nil, err
	}
	return o.kube.ForetellDropped(compared, text, request.Validate)
}

// twofold foretells that a definition of crds/ which the change would bring into the cluster is in the way of the same one
// among the templates. Error: RESOURCE_EXISTS.
func (o *operation) twofold(text string, definitions manifest.Entries, request RenderRequest) error {
	if len(o.brought(request, definitions.DefinedKinds())) == 0 {
		return nil
	}
	templated := map[string]bool{}
	for _, object := range manifest.ObjectsOfAll(text) {
		if manifest.TextAt(object, "kind") == manifest.DefinitionKind {
			templated[manifest.NameOf(object)] = true
		}
	}
	if len(templated) == 0 {
		return nil
	}
	for _, definition := range definitions {
		list, err := o.kube.Build(strings.NewReader(definition.Text), false)
		if err != nil {
			return crdFailed(definition.Source, err)
		}
		absent, err := absentOnly(list)
		if err != nil {
			return err
		}
		for _, info := range absent {
			if templated[info.Name] {
				return problem.New(problem.ResourceExists, "a definition is in its own way").About(cluster.RefOf(info))
			}
		}
	}
	return nil
}

// runningHooks are those that the change runs.
func (r RenderRequest) runningHooks(hooks []*release.Hook) []*release.Hook {
	events := []release.HookEvent{release.HookPreInstall, release.HookPostInstall}
	if r.IsUpgrade {
		events = []release.HookEvent{release.HookPreUpgrade, release.HookPostUpgrade}
	}
	return slices.DeleteFunc(slices.Clone(hooks), func(hook *release.Hook) bool {
		return !slices.ContainsFunc(hook.Events, func(event release.HookEvent) bool { return slices.Contains(events, event) })
	})
}

// namespaceWarning says that the namespace is missing: Helm's dry run ignores that, an install would fail.
func (o *operation) namespaceWarning() ([]problem.Warning, error) {
	err := o.checkNamespace()
	missing, found := problem.From(err)
	if !found {
		return []problem.Warning{}, err
	}
	return []problem.Warning{{Code: string(missing.Code), Message: missing.Message, Object: missing.Object}}, nil
}

// previewChart makes the checks that the operation itself would make before rendering.
func (o *operation) previewChart(request RenderRequest) (loaded *helmchart.Chart, revisions []*release.Release, err error) {
	if request.IsUpgrade {
		return o.prepareUpgrade(request.Content, 0)
	}
	loaded, err = o.prepareChart(request.Content)
	return loaded, nil, err
}

func (o *operation) renderPreview(loaded *helmchart.Chart, request RenderRequest, revisions []*release.Release) (*helmchart.Chart, *rendering.Run, error) {
	if request.IsUpgrade {
		return o.renderUpgrade(loaded, request.Content, revisions)
	}
	return o.render(loaded, request.Content)
}

func (o *operation) dryRun(request RenderRequest, literal *helmchart.Chart, revisions []*release.Release) (helmrelease.Releaser, error) {
	if request.IsUpgrade {
		run := o.upgradeRun(request.Content, history.Newest(revisions))
		run.DryRunStrategy = helmaction.DryRunServer
		return run.RunWithContext(o.uncancelled(), o.target.Name, literal, map[string]any{})
	}
	run := helmaction.NewInstall(o.helm)
	run.ReleaseName = o.target.Name
	run.Namespace = o.target.Namespace
	run.Labels = request.Labels
	run.DisableHooks = request.DisableHooks
	run.SkipCRDs = true
	run.DryRunStrategy = helmaction.DryRunServer
	return run.RunWithContext(o.uncancelled(), literal, map[string]any{})
}

func unknownKinds(documents []manifest.Document, defined map[schema.GroupKind]bool) []problem.Warning {
	warnings := []problem.Warning{}
	for _, document := range documents {
		if _, ok := defined[document.GroupKind()]; ok {
			continue
		}
		object := document.Ref()
		warnings = append(warnings, problem.Warning{
			Code:    string(problem.KindUnknown),
			Message: "the cluster does not know kind " + document.Kind + " (" + document.APIVersion + "): an install would fail",
			Object:  &object,
		})
	}
	return warnings
}

func crdDocuments(definitions manifest.Entries, namespaced manifest.Scopes) []manifest.Document {
	documents := []manifest.Document{}
	for _, definition := range definitions {
		for _, document := range manifest.DocumentsOf(definition.Text, "", namespaced) {
			document.Index = len(documents)
			document.Source = definition.Source
			documents = append(documents, document)
		}
	}
	return documents
}
