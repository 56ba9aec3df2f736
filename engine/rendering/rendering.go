// Package rendering creates the manifest of a chart: it has the templates executed, and the server's and the engine's
// own changes made to the result. It knows its operation only as a Host.
package rendering

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/client"
	"walm.io/engine/fair"
	"walm.io/engine/jsonnet"
	"walm.io/engine/jsontext"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/renderer"
	"walm.io/engine/seal"
)

// Host is the operation for which a chart is rendered.
type Host struct {
	Context context.Context
	// Caller is the caller whose share of the workers is used.
	Caller fair.Caller
	// Namespace and Name are those of the release.
	Namespace, Name string

	Cluster     *client.Cluster
	Session     *client.Session
	Charts      Charts
	Renders     *renderer.Pool
	Jsonnet     *jsonnet.Renderer
	RenderLimit time.Duration
	// ChangeDocuments and FindOutputSecrets are nil without a server.
	ChangeDocuments   ChangeDocuments
	FindOutputSecrets FindOutputSecrets

	// Placeholders are those in the manifests passed to Helm.
	Placeholders *manifest.Placeholders

	Report progress.Reporter
	Warn   func(...problem.Warning)
	Log    *slog.Logger

	// kinds are those of the chart's own definitions; nil if nothing is rendered.
	kinds func() chartKinds
	// made and madeWords are the contents of the Secrets that the chart rendered: masked everywhere, and as whole strings.
	made, madeWords []string
}

// Run renders the real chart once, at the moment when Helm asks for the first literal template: after custom resource
// definitions, with the release facts that Helm decided.
type Run struct {
	host   *Host
	chart  *helmchart.Chart
	values map[string]any
	// probes are those of the content.
	probes []map[string]any
	// added are further files by template path: the output of jsonnet.
	added         map[string]string
	releaseConfig map[string]any
	transformer   *transformer
	sealer        *seal.Sealer
	// recorded is the revision whose generated texts are kept; nil for none.
	recorded *renderer.Recorded
	// Definitions applies those with a crd-install hook to the cluster; nil leaves them out.
	Definitions func(manifest.Entries) error

	once  sync.Once
	files map[string]string
	// Computed are the values that the templates saw, as JSON.
	Computed json.RawMessage
	err      error
}

// Functions are the template functions for the literal chart.
func (r *Run) Functions() template.FuncMap {
	return template.FuncMap{renderer.LiteralFunction: r.text}
}

// text returns the rendered text of the template at `name`; `root` is Helm's root context.
func (r *Run) text(name string, root map[string]any) (string, error) {
	r.once.Do(func() { r.err = r.render(root) })
	if r.err != nil {
		return "", r.err
	}
	if name != path.Join(r.chart.Name(), manifest.ReleaseConfigTemplate) {
		return r.files[name], nil
	}
	// Helm removes what templates print for absent values, wherever it occurs.
	return r.host.Placeholders.Shorten(strings.ReplaceAll(r.files[name], "<no value>", "")), nil
}

func (r *Run) render(root map[string]any) error {
	r.host.Report(progress.Step{Phase: progress.PhaseRender, Message: "rendering chart " + r.chart.Name()})
	options, err := releaseOptions(root)
	if err != nil {
		return err
	}
	capabilities, ok := root["Capabilities"].(*common.Capabilities)
	if !ok {
		return errors.New("helm gave no capabilities to the templates")
	}
	files, err := r.execute(options, capabilities)
	if err != nil {
		return err
	}
	for name, text := range r.added {
		files[path.Join(r.chart.Name(), name)] = text
	}
	if err := r.crdHooks(files); err != nil {
		return err
	}
	if err := checkCharacters(files); err != nil {
		return err
	}
	r.host.learnSecrets(files)
	if err := r.transformer.files(files, r.chart.Name()); err != nil {
		return err
	}
	entries, _ := manifest.EntriesOfFiles(files)
	documents := entries.Documents(r.host.Namespace, r.host.Cluster.Scopes(r.host.Context, nil))
	if err := r.host.CheckReserved(documents); err != nil {
		return err
	}
	if err := manifest.CheckOnce(documents); err != nil {
		return err
	}
	if err := manifest.CheckCounts(documents); err != nil {
		return err
	}
	if err := CheckQuantities(documents); err != nil {
		return err
	}
	if err := r.host.CheckKeys(documents); err != nil {
		return err
	}
	if err := r.host.WithoutUnknownFields(files); err != nil {
		return err
	}
	if r.transformer.releaseConfig != nil {
		r.releaseConfig = r.transformer.releaseConfig
	}
	r.files = files
	if r.releaseConfig == nil {
		return nil
	}
	return r.addSealedConfig(files, options.Revision)
}

// addSealedConfig adds Walm's own object, and the seal of the whole revision to it.
func (r *Run) addSealedConfig(files map[string]string, revision int) error {
	config, word := r.releaseConfig, ""
	if r.sealer.Wanted() {
		var err error
		if config, word, err = r.sealer.Placeholder(config); err != nil {
			return err
		}
	}
	if err := manifest.AddReleaseConfig(files, path.Join(r.chart.Name(), manifest.ReleaseConfigTemplate), config, r.values, r.hideSecrets(files)); err != nil {
		return err
	}
	if word == "" {
		return nil
	}
	return r.sealer.Files(files, r.chart, r.values, revision, word)
}

// execute has a render worker execute the templates, within the limit.
func (r *Run) execute(options common.ReleaseOptions, capabilities *common.Capabilities) (map[string]string, error) {
	order := renderer.Order{
		Values:       r.values,
		Release:      options,
		Capabilities: capabilities,
	}
	if !hasTemplates(r.chart) {
		values, err := order.RenderValues(r.chart)
		if err == nil {
			r.Computed, err = computedOf(values)
		}
		return map[string]string{}, err
	}
	order.Chart = renderer.TreeOf(r.chart)
	leave, err := r.host.Renders.Enter(r.host.Context, r.host.Caller, r.chart.Name())
	if err != nil {
		return nil, err
	}
	defer leave()
	limited, cancel := context.WithTimeout(r.host.Context, r.host.RenderLimit)
	defer cancel()
	result, err := r.executeKeeping(limited, order)
	if err != nil {
		return nil, err
	}
	if err := r.refuseShaping(limited, order, result.Files); err != nil {
		return nil, err
	}
	r.Computed = result.Computed
	if result.Files == nil {
		// A chart without rendered documents still gets its ReleaseConfig.
		return map[string]string{}, nil
	}
	return result.Files, nil
}

func computedOf(values common.Values) (json.RawMessage, error) {
	computed, err := values.Table("Values")
	if err != nil {
		return nil, err
	}
	return jsontext.Marshal(map[string]any(computed))
}

// executeKeeping keeps what the chart generates if requested and possible within half of the limit; otherwise the chart
// is rendered like in Helm.
func (r *Run) executeKeeping(limited context.Context, order renderer.Order) (renderer.Result, error) {
	lookups := renderer.AnswerLookups(limited, r.host.Session.ToRESTConfig, r.host.Cluster.Reserved())
	if r.recorded == nil {
		return r.host.Renders.Render(limited, r.chart.Name(), order, lookups)
	}
	half, cancel := context.WithTimeout(limited, r.host.RenderLimit/2)
	defer cancel()
	keeping := order
	keeping.Recorded = r.recorded
	kept, err := r.host.Renders.Render(half, r.chart.Name(), keeping, lookups)
	if err == nil {
		r.host.warnOf(kept.Regenerated)
		return kept, nil
	}
	rendered, plain := r.host.Renders.Render(limited, r.chart.Name(), order, lookups)
	if plain == nil {
		r.host.warnRegenerated()
	}
	return rendered, plain
}

// hasTemplates tells whether a chart or one of its subcharts has anything to execute; jsonnet charts have not.
func hasTemplates(chart *helmchart.Chart) bool {
	return len(chart.Templates) > 0 || slices.ContainsFunc(chart.Dependencies(), hasTemplates)
}

// releaseOptions reads back the `.Release` that Helm created.
func releaseOptions(root map[string]any) (common.ReleaseOptions, error) {
	facts, ok := root["Release"].(map[string]any)
	if !ok {
		return common.ReleaseOptions{}, errors.New("helm gave no release facts to the templates")
	}
	options := common.ReleaseOptions{}
	for _, read := range []error{
		readFact(facts, "Name", &options.Name),
		readFact(facts, "Namespace", &options.Namespace),
		readFact(facts, "Revision", &options.Revision),
		readFact(facts, "IsInstall", &options.IsInstall),
		readFact(facts, "IsUpgrade", &options.IsUpgrade),
	} {
		if read != nil {
			return common.ReleaseOptions{}, read
		}
	}
	return options, nil
}

func readFact[T any](facts map[string]any, name string, into *T) error {
	fact, ok := facts[name].(T)
	if !ok {
		return fmt.Errorf("helm gave templates a .Release.%s of type %T", name, facts[name])
	}
	*into = fact
	return nil
}

// FirstError returns the error of the real chart's templates if there is one: Helm reports it as an error of the
// literal template that called it.
func (r *Run) FirstError(err error) error {
	if err != nil && r.err != nil {
		return r.err
	}
	return err
}

// Prepare returns the chart for Helm, and the run that renders the real one when Helm executes it. Jsonnet is rendered
// here already, because the names of its files are not known before. Errors: TEMPLATE_FAILED, TEMPLATE_TIMEOUT.
func (h *Host) Prepare(loaded *helmchart.Chart, content Content, sealer *seal.Sealer) (*helmchart.Chart, *Run, error) {
	added, err := h.jsonnetFiles(loaded, content.Values)
	if err != nil {
		return nil, nil, err
	}
	extra := append(manifest.SortedKeys(added), manifest.ReleaseConfigTemplate)
	transformer := h.Transformer(content.Transform)
	if content.Transform != nil {
		transformer.defined = manifest.VersionsDefinedBy(loaded)
		extra = append(extra, AddedTemplate)
	}
	rendered := &Run{
		host: h, chart: loaded, values: content.Values, probes: content.Probes, added: added, releaseConfig: content.config(),
		transformer: transformer, sealer: sealer,
	}
	return renderer.LiteralChart(loaded, extra...), rendered, nil
}
