package jsonnet

import (
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
)

// Release is what the templates learn of the release.
type Release struct {
	Name      string
	Namespace string
}

// configOf is the argument of a chart's main file: the chart's values, below what Walm says of the release, below the
// user's values. Maps are merged, everything else is replaced; null stays null, because the templates merge once more
// and null removes there. (The original put the outputs of dependencies below Walm's own values; they arrive among the
// user's here, decision 18.)
func configOf(chart *helmchart.Chart, values map[string]any, release Release) map[string]any {
	facts := map[string]any{
		"helmReleaseName":             release.Name,
		"helmReleaseNamespace":        release.Namespace,
		"chartName":                   chart.Metadata.Name,
		"chartVersion":                chart.Metadata.Version,
		"chartAppVersion":             chart.Metadata.AppVersion,
		"Transwarp_Install_Namespace": release.Namespace,
	}
	return merge(merge(chart.Values, facts), values)
}

// merge gives `below` with `above` over it; neither is changed.
func merge(below, above map[string]any) map[string]any {
	merged := make(map[string]any, len(below)+len(above))
	for key, value := range below {
		merged[key] = value
	}
	for key, value := range above {
		lower, isMap := merged[key].(map[string]any)
		upper, both := value.(map[string]any)
		if isMap && both {
			merged[key] = merge(lower, upper)
			continue
		}
		merged[key] = value
	}
	return merged
}
