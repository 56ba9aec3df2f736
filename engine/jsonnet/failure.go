package jsonnet

import (
	"fmt"

	"walm.io/engine/problem"
)

// failed is the problem of a chart's own jsonnet; `file` is a path in the chart.
func failed(chart, file, format string, arguments ...any) *problem.Problem {
	return problem.New(problem.TemplateFailed, "jsonnet of chart %s, %s: %s", chart, file, fmt.Sprintf(format, arguments...)).
		With("chart", chart).With("file", file)
}

// about adds chart and file to a problem.
func about(err error, chart, file string) error {
	if known, found := problem.From(err); found {
		return known.With("chart", chart).With("file", file)
	}
	return err
}
