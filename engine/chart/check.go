package chart

import (
	"errors"
	"strings"
	"unicode"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"

	"walm.io/engine/problem"
)

// Check reads a chart archive completely, with every archive inside it, and returns the chart if it violates no limit
// and no rule. Nothing is written anywhere. Errors: CHART_ARCHIVE_INVALID, CHART_TOO_LARGE, CHART_UNSAFE_PATH,
// CHART_YAML_INVALID.
func Check(data []byte, limits Limits) (*helmchart.Chart, error) {
	if int64(len(data)) > limits.ArchiveBytes {
		return nil, archiveTooLarge(limits.ArchiveBytes)
	}
	loaded, _, err := check(data, limits)
	return loaded, err
}

// check also returns roughly the memory of the chart.
func check(data []byte, limits Limits) (*helmchart.Chart, int64, error) {
	left := newBudget(limits)
	loaded, err := checkWithin(data, left)
	return loaded, left.cost(), err
}

func checkWithin(data []byte, left *budget) (*helmchart.Chart, error) {
	limits := left.limits
	files, err := checkArchive(data, left, "the chart archive", 0)
	if err != nil {
		return nil, err
	}
	loaded, err := loadFiles(files)
	if err != nil {
		return nil, err
	}
	if version := loaded.Metadata.APIVersion; version != helmchart.APIVersionV1 && version != helmchart.APIVersionV2 {
		return nil, problem.New(problem.ChartYAMLInvalid,
			"chart %s has the apiVersion %q in Chart.yaml: unsupported chart version, it is v1 or v2", loaded.Name(), printable(version))
	}
	if err := checkNames(loaded); err != nil {
		return nil, err
	}
	if expandedCharts(loaded, limits.ExpandedCharts) > limits.ExpandedCharts {
		return nil, problem.New(problem.ChartTooLarge,
			"chart %s asks for more than %d subcharts once its aliases are applied", loaded.Name(), limits.ExpandedCharts)
	}
	return loaded, nil
}

func checkArchive(data []byte, left *budget, label string, depth int) ([]*archive.BufferedFile, error) {
	if depth > left.limits.NestedDepth {
		return nil, problem.New(problem.ChartTooLarge, "%s is nested in more than %d archives", label, left.limits.NestedDepth)
	}
	files, err := readFiles(data, left, label)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if isGuardedYAML(file.Name) {
			if left.nodes -= Separators(file.Data); left.nodes < 0 {
				return nil, problem.New(problem.ChartYAMLInvalid,
					"the YAML files of the chart and its subcharts have more than %d nodes", left.limits.ArchiveYAMLNodes)
			}
			if err := CheckYAML(file.Name+" of "+label, file.Data, left.limits); err != nil {
				return nil, err
			}
		}
		if isNestedArchive(file.Name) {
			if _, err := checkArchive(file.Data, left, file.Name+" in "+label, depth+1); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// loadFiles is Helm's loader with its errors turned into problems. Each call returns a new chart, because Helm's
// operations change the one they get.
func loadFiles(files []*archive.BufferedFile) (*helmchart.Chart, error) {
	loaded, err := loader.LoadFiles(files)
	if err == nil {
		return loaded, nil
	}
	var invalid helmchart.ValidationError
	code := problem.ChartArchiveInvalid
	if errors.As(err, &invalid) || strings.Contains(err.Error(), "cannot load ") {
		code = problem.ChartYAMLInvalid
	}
	subject := "the chart"
	if loaded != nil && loaded.Name() != "" {
		subject = "chart " + loaded.Name()
	}
	return nil, problem.New(code, "%s cannot be loaded: %s", subject, printable(err.Error())).Because(err)
}

// checkNames refuses names that would act as a path for code that joins them to one. Helm checks the chart's name for /
// only and the names of dependencies not at all.
func checkNames(loaded *helmchart.Chart) error {
	if err := checkName("chart name", loaded.Metadata.Name); err != nil {
		return err
	}
	for _, dependency := range loaded.Metadata.Dependencies {
		if err := checkName("dependency name", dependency.Name); err != nil {
			return err
		}
	}
	for _, subchart := range loaded.Dependencies() {
		if err := checkNames(subchart); err != nil {
			return err
		}
	}
	return nil
}

func checkName(what, name string) error {
	unsafe := name == "" || name == "." || name == ".." || len(name) > 250 || strings.ContainsAny(name, `/\:`) ||
		strings.ContainsFunc(name, unicode.IsControl)
	if !unsafe {
		return nil
	}
	return problem.New(problem.ChartUnsafePath,
		"%s %q in Chart.yaml is not allowed: it must not be empty, . or .., nor contain a slash, backslash or colon", what, name)
}

// expandedCharts counts the charts that Helm creates from this one, each subchart as often as it is declared. It stops
// counting above the limit.
func expandedCharts(loaded *helmchart.Chart, limit int) int {
	declared := map[string]int{}
	for _, dependency := range loaded.Metadata.Dependencies {
		declared[dependency.Name]++
	}
	total := 1
	for _, subchart := range loaded.Dependencies() {
		total += max(1, declared[subchart.Name()]) * expandedCharts(subchart, limit)
		if total > limit {
			return limit + 1
		}
	}
	return total
}

// printable removes control characters of a chart from messages, where they could control a terminal.
func printable(text string) string {
	return strings.Map(func(char rune) rune {
		if unicode.IsControl(char) && char != '\n' {
			return -1
		}
		return char
	}, text)
}
