package chart

import (
	"context"
	"path"
	"slices"
	"strings"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/fair"
	"walm.io/engine/problem"
)

const (
	metaFolder     = "transwarp-meta/"
	jsonnetFolder  = "template-jsonnet/"
	helmEngine     = "helm"
	jsonnetEngine  = "jsonnet"
	valuesFileName = "values.yaml"
	// licenseFileName is where Helm's own commands look for it.
	licenseFileName = "LICENSE"
)

// Inspection is what a chart contains, for people and for the server's rules.
type Inspection struct {
	Digest   string              `json:"digest"`
	Metadata *helmchart.Metadata `json:"metadata"`
	// Values are the defaults; ValuesText is values.yaml as written, comments included.
	Values     map[string]any `json:"values"`
	ValuesText string         `json:"valuesText"`
	Schemas    []Schema       `json:"schemas"`
	Readme     string         `json:"readme"`
	License    string         `json:"license"`
	// MetaFiles are the files below transwarp-meta/ by their name there; base64 in JSON.
	MetaFiles map[string][]byte `json:"metaFiles"`
	CRDs      []CRD             `json:"crds"`
	// Engine is "jsonnet" if the chart has files below template-jsonnet/, else "helm".
	Engine string `json:"engine"`
	// Templates are the paths of template files inside the archive, those of subcharts included, sorted.
	Templates []string `json:"templates"`
	// BundledDependencies are the names of the subcharts in the archive, sorted.
	BundledDependencies []string `json:"bundledDependencies"`
	// ReadWords are the words with which templates could read values, sorted; absent if there are too many, or no
	// metainfo maps anything to values.
	ReadWords []string `json:"readWords,omitempty"`
	// NotInstallable says why the chart cannot be installed; "" if it can.
	NotInstallable string `json:"notInstallable"`
}

// inspectedSchemaBytes bounds the schemas of one answer: each alias of a subchart repeats its schema.
const inspectedSchemaBytes = 20 * mebibyte

// Inspect describes the chart with this digest. Errors: as Library.Load.
func (l *Library) Inspect(ctx context.Context, caller fair.Caller, digest string) (*Inspection, error) {
	loaded, err := l.Load(ctx, caller, digest)
	if err != nil {
		return nil, err
	}
	inspection := Describe(loaded)
	inspection.Digest = digest
	size := 0
	for _, schema := range inspection.Schemas {
		size += len(schema.Schema)
	}
	if size > inspectedSchemaBytes {
		return nil, problem.New(problem.ChartTooLarge,
			"the values schemas of chart %s, repeated for each alias, are larger than %d MiB", loaded.Name(), inspectedSchemaBytes/mebibyte)
	}
	return inspection, nil
}

// Describe returns the contents of a loaded chart. The chart is not changed. Digest stays empty.
func Describe(loaded *helmchart.Chart) *Inspection {
	inspection := &Inspection{
		Metadata:            loaded.Metadata,
		Values:              loaded.Values,
		Schemas:             schemasOf(loaded, []string{}),
		MetaFiles:           map[string][]byte{},
		CRDs:                crdsOf(loaded),
		Engine:              helmEngine,
		Templates:           templatesOf(loaded, ""),
		BundledDependencies: subchartNames(loaded),
	}
	if inspection.Values == nil {
		inspection.Values = map[string]any{}
	}
	for _, file := range loaded.Raw {
		if file.Name == valuesFileName {
			inspection.ValuesText = string(file.Data)
		}
	}
	for _, file := range loaded.Files {
		switch {
		case strings.HasPrefix(file.Name, metaFolder):
			inspection.MetaFiles[strings.TrimPrefix(file.Name, metaFolder)] = file.Data
		case strings.HasPrefix(file.Name, jsonnetFolder):
			inspection.Engine = jsonnetEngine
		case isReadme(file.Name):
			inspection.Readme = string(file.Data)
		case file.Name == licenseFileName:
			inspection.License = string(file.Data)
		}
	}
	if len(inspection.MetaFiles) > 0 {
		inspection.ReadWords = readWords(loaded)
	}
	if err := CheckInstallable(loaded); err != nil {
		inspection.NotInstallable = err.Error()
	}
	return inspection
}

func isReadme(name string) bool {
	switch strings.ToLower(name) {
	case "readme.md", "readme.txt", "readme":
		return true
	}
	return false
}

func templatesOf(loaded *helmchart.Chart, prefix string) []string {
	names := []string{}
	for _, template := range loaded.Templates {
		names = append(names, prefix+template.Name)
	}
	for _, subchart := range loaded.Dependencies() {
		names = append(names, templatesOf(subchart, path.Join(prefix, "charts", subchart.Name())+"/")...)
	}
	slices.Sort(names)
	return names
}

func subchartNames(loaded *helmchart.Chart) []string {
	names := []string{}
	for _, subchart := range sortedByName(loaded.Dependencies()) {
		names = append(names, subchart.Name())
	}
	return slices.Compact(names)
}
