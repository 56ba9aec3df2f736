package renderer

import (
	"fmt"
	"path"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
)

// LiteralFunction is what the templates of a literal chart call: it returns the text to which the real template of the
// same path rendered.
const LiteralFunction = "walmRendered"

// LiteralChart creates the chart that Helm gets in place of the real one: the same charts and subcharts with the same
// template paths, but each template only inserts its finished text. Helm's post-renderer hook would re-encode every
// document; this way an untouched document stays byte for byte as its template wrote it. `extra` are further template
// paths of the root chart.
func LiteralChart(real *helmchart.Chart, extra ...string) *helmchart.Chart {
	literal := mirror(real)
	for _, name := range extra {
		if !hasTemplate(literal, name) {
			literal.Templates = append(literal.Templates, literalTemplate(literal.Name(), name))
		}
	}
	return literal
}

func mirror(real *helmchart.Chart) *helmchart.Chart {
	metadata := *real.Metadata
	// Dependencies, conditions and imported values have already been processed.
	metadata.Dependencies = nil
	literal := &helmchart.Chart{Metadata: &metadata}
	for _, subchart := range real.Dependencies() {
		literal.AddDependency(mirror(subchart))
	}
	if metadata.Type == "library" {
		return literal
	}
	for _, template := range real.Templates {
		if !strings.HasPrefix(path.Base(template.Name), "_") {
			literal.Templates = append(literal.Templates, literalTemplate(real.ChartFullPath(), template.Name))
		}
	}
	return literal
}

func literalTemplate(chartPath, name string) *common.File {
	body := fmt.Sprintf("{{ %s %q $ }}", LiteralFunction, path.Join(chartPath, name))
	return &common.File{Name: name, Data: []byte(body)}
}

func hasTemplate(chart *helmchart.Chart, name string) bool {
	for _, template := range chart.Templates {
		if template.Name == name {
			return true
		}
	}
	return false
}
