package chart

import (
	"slices"
	"strings"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/problem"
)

// CheckInstallable refuses what `helm install` refuses before rendering: library charts, and charts whose archive lacks
// a dependency that Chart.yaml declares (regardless of conditions, like Helm). Errors: CHART_NOT_INSTALLABLE,
// CHART_DEPENDENCIES_MISSING.
func CheckInstallable(loaded *helmchart.Chart) error {
	if kind := loaded.Metadata.Type; kind != "" && kind != "application" {
		return problem.New(problem.ChartNotInstallable,
			"chart %s is a %s chart: it has nothing to install, use it as a dependency of another chart", loaded.Name(), kind)
	}
	missing := missingDependencies(loaded)
	if len(missing) == 0 {
		return nil
	}
	return problem.New(problem.ChartDependenciesMissing,
		"chart %s cannot be installed: found in Chart.yaml, but missing in charts/ directory: %s; run helm dependency update and pack it again",
		loaded.Name(), strings.Join(missing, ", ")).With("missing", missing)
}

func missingDependencies(loaded *helmchart.Chart) []string {
	missing := []string{}
	for _, declared := range loaded.Metadata.Dependencies {
		bundled := slices.ContainsFunc(loaded.Dependencies(), func(subchart *helmchart.Chart) bool {
			return subchart.Name() == declared.Name
		})
		if !bundled && !slices.Contains(missing, declared.Name) {
			missing = append(missing, declared.Name)
		}
	}
	return missing
}
