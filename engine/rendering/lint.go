package rendering

import (
	"context"
	"errors"
	"log/slog"
	"path"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	chartutil "helm.sh/helm/v4/pkg/chart/common/util"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	chartv2util "helm.sh/helm/v4/pkg/chart/v2/util"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/chart"
	"walm.io/engine/fair"
	"walm.io/engine/jsonnet"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/renderer"
	"walm.io/engine/yamltext"
)

const (
	// defaultsFile is the case of a chart without values of a user.
	defaultsFile = "values.yaml"
	casesFolder  = "ci/"
	// maxCases bounds the values files that are tried, and lintRenders the time of all of them, in render limits.
	maxCases    = 20
	lintRenders = 3
	// lintedName is the name and the namespace of the release that is not made.
	lintedName = "lint"
)

// Linter renders charts for no release: templates that look something up find nothing.
type Linter struct {
	Charts      Charts
	FetchSchema chart.SchemaFetcher
	Renders     *renderer.Pool
	Jsonnet     *jsonnet.Renderer
	RenderLimit time.Duration
	// Capabilities are what templates see of the cluster.
	Capabilities *common.Capabilities
	Log          *slog.Logger
}

// LintedCase is what one values file of a chart leads to.
type LintedCase struct {
	// File is values.yaml, or a file below ci/.
	File string `json:"file"`
	// Faults are empty if the chart renders with it.
	Faults []*problem.Problem `json:"faults"`
	// IsLeftOut: there were too many, or there was no time.
	IsLeftOut bool `json:"isLeftOut,omitempty"`
}

// Lint renders a chart with its defaults and with each values file below ci/, at most 20, within three times the render
// limit. Faults of the chart are in the answer; errors: CHART_NOT_FOUND, ENGINE_BUSY, the context's.
func (l *Linter) Lint(ctx context.Context, caller fair.Caller, digest string) ([]LintedCase, error) {
	limited, cancel := context.WithTimeout(ctx, lintRenders*l.RenderLimit)
	defer cancel()
	files, err := l.caseFiles(limited, caller, digest)
	if err != nil {
		return nil, err
	}
	cases := []LintedCase{}
	for at, file := range append([]*common.File{{Name: defaultsFile}}, files...) {
		linted := LintedCase{File: file.Name, Faults: []*problem.Problem{}}
		if linted.IsLeftOut = at > maxCases || limited.Err() != nil; !linted.IsLeftOut {
			err := l.lintCase(limited, caller, digest, file)
			fault, isFault := problem.From(err)
			switch {
			case ctx.Err() != nil:
				return nil, ctx.Err()
			case err == nil:
			case limited.Err() != nil && !isFault:
				linted.IsLeftOut = true
			case isFault && isFaultOfChart(fault.Code):
				linted.Faults = append(linted.Faults, fault)
			default:
				return nil, err
			}
		}
		cases = append(cases, linted)
	}
	return cases, nil
}

// isFaultOfChart tells whether a code is about the chart, and not about the moment.
func isFaultOfChart(code problem.Code) bool {
	return !slices.Contains([]problem.Code{problem.EngineBusy, problem.Cancelled, problem.Internal, problem.ChartNotFound}, code)
}

func (l *Linter) caseFiles(ctx context.Context, caller fair.Caller, digest string) ([]*common.File, error) {
	within, leave := context.WithCancel(ctx)
	defer leave()
	loaded, err := l.Charts.Load(within, caller, digest)
	if err != nil {
		return nil, err
	}
	files := []*common.File{}
	for _, file := range loaded.Files {
		suffix := path.Ext(file.Name)
		if strings.HasPrefix(file.Name, casesFolder) && (suffix == ".yaml" || suffix == ".yml" || suffix == ".json") {
			files = append(files, &common.File{Name: file.Name, Data: slices.Clone(file.Data)})
		}
	}
	slices.SortFunc(files, func(a, b *common.File) int { return strings.Compare(a.Name, b.Name) })
	// What is left out is named, and its content not kept.
	for at := maxCases; at < len(files); at++ {
		files[at].Data = nil
	}
	return files, nil
}

// lintCase renders the chart with one values file. A chart is loaded for each: rendering changes it.
func (l *Linter) lintCase(ctx context.Context, caller fair.Caller, digest string, file *common.File) error {
	within, leave := context.WithCancel(ctx)
	defer leave()
	values, err := valuesOf(file)
	if err != nil {
		return err
	}
	loaded, err := l.Charts.Load(within, caller, digest)
	if err != nil {
		return err
	}
	if err := chart.CheckInstallable(loaded); err != nil {
		return err
	}
	if err := chartv2util.ProcessDependencies(loaded, values); err != nil {
		return problem.New(problem.ValuesInvalid, "the values do not fit the dependencies of chart %s: %s", loaded.Name(), err).Because(err)
	}
	coalesced, err := chartutil.CoalesceValues(loaded, values)
	if err != nil {
		return problem.New(problem.ValuesInvalid, "the values do not fit chart %s: %s", loaded.Name(), err).Because(err)
	}
	if err := chart.ValidateValues(loaded, coalesced, l.FetchSchema); err != nil {
		return err
	}
	files, err := l.render(within, caller, loaded, values)
	if err != nil {
		return err
	}
	return checkRendered(files)
}

func valuesOf(file *common.File) (map[string]any, error) {
	if file.Name == defaultsFile {
		return map[string]any{}, nil
	}
	if err := chart.CheckYAML(file.Name, file.Data, chart.DefaultLimits()); err != nil {
		return nil, err
	}
	values, err := common.ReadValues(file.Data)
	if err != nil {
		return nil, problem.New(problem.ValuesInvalid, "%s cannot be read as values: %s", file.Name, err).Because(err)
	}
	return values, nil
}

func (l *Linter) render(ctx context.Context, caller fair.Caller, loaded *helmchart.Chart, values map[string]any) (map[string]string, error) {
	host := &Host{
		Context: ctx, Caller: caller, Namespace: lintedName, Name: lintedName,
		Renders: l.Renders, Jsonnet: l.Jsonnet, RenderLimit: l.RenderLimit, Log: l.Log,
	}
	files, err := host.jsonnetFiles(loaded, values)
	if err != nil || !hasTemplates(loaded) {
		return files, err
	}
	leave, err := l.Renders.Enter(ctx, caller, loaded.Name())
	if err != nil {
		return nil, err
	}
	defer leave()
	limited, cancel := context.WithTimeout(ctx, l.RenderLimit)
	defer cancel()
	order := renderer.Order{
		Chart: renderer.TreeOf(loaded), Values: values, Capabilities: l.Capabilities, IsOffline: true,
		Release: common.ReleaseOptions{Name: lintedName, Namespace: lintedName, Revision: 1, IsInstall: true},
	}
	result, err := l.Renders.Render(limited, loaded.Name(), order, nil)
	if err != nil {
		return nil, err
	}
	for name, text := range result.Files {
		files[name] = text
	}
	return files, nil
}

// checkRendered judges rendered files as an install does, as far as that takes no cluster. Errors: MANIFEST_INVALID.
func checkRendered(files map[string]string) error {
	if err := checkCharacters(files); err != nil {
		return err
	}
	for _, name := range manifest.SortedKeys(files) {
		if strings.HasPrefix(path.Base(name), "_") || strings.HasSuffix(name, manifest.NotesFile) {
			continue
		}
		for at, text := range yamltext.Split(files[name]) {
			if err := checkDocument(name, at+1, text); err != nil {
				return err
			}
		}
	}
	entries, _ := manifest.EntriesOfFiles(files)
	documents := entries.Documents(lintedName, func(schema.GroupKind) bool { return true })
	return errors.Join(manifest.CheckOnce(documents), manifest.CheckCounts(documents), CheckQuantities(documents))
}

func checkDocument(file string, number int, text string) error {
	invalid := func(format string, args ...any) error {
		return problem.New(problem.ManifestInvalid, format, args...).With("file", file).With("document", number)
	}
	object, err := manifest.ParseObject(text)
	if err != nil {
		return invalid("document %d of %s is not a YAML mapping: %s", number, file, err)
	}
	for _, field := range []string{"apiVersion", "kind"} {
		if len(object) > 0 && manifest.TextAt(object, field) == "" {
			return invalid("document %d of %s has no %s", number, file, field)
		}
	}
	return nil
}
