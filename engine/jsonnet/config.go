package jsonnet

import (
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
)

// Release is what the templates know of the release.
type Release struct {
	Name      string
	Namespace string
}

// configOf is the argument of a chart's main file: the chart's values, overridden by Walm's facts about the release,
// overridden by the user's values. Maps are merged, everything else is replaced; null stays null, because the templates
// merge once more and null removes there. (The original put the outputs of dependencies below Walm's own values; here
// they are among the user's, decision 18: order of values.)
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

// merge returns `above` merged into `below`; neither is changed.
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
