package rendering

import (
	"context"
	"errors"
	"path"
	"slices"

	chartutil "helm.sh/helm/v4/pkg/chart/common/util"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/jsonnet"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
)

// jsonnetFiles renders the jsonnet of a chart and its subcharts, by their template paths in the manifest, below the
// root chart. None for a chart without. Helm does not process them as templates: their ConfigMaps may contain templates
// of other programs. Errors: TEMPLATE_FAILED, TEMPLATE_TIMEOUT.
func (h *Host) jsonnetFiles(loaded *helmchart.Chart, values map[string]any) (map[string]string, error) {
	files := map[string]string{}
	if !holdsJsonnet(loaded) {
		return files, nil
	}
	leave, err := h.Jsonnet.Enter(h.Context, h.Caller, loaded.Name())
	if err != nil {
		return nil, err
	}
	defer leave()
	limited, cancel := context.WithTimeout(h.Context, h.RenderLimit)
	defer cancel()
	err = h.addJsonnetFiles(limited, loaded, values, "", files)
	if h.Context.Err() != nil && errors.Is(err, context.Canceled) {
		return nil, h.Context.Err()
	}
	return files, err
}

// holdsJsonnet tells whether a chart or one of its subcharts is written in jsonnet.
func holdsJsonnet(loaded *helmchart.Chart) bool {
	return jsonnet.IsChart(loaded) || slices.ContainsFunc(loaded.Dependencies(), holdsJsonnet)
}

func (h *Host) addJsonnetFiles(
	ctx context.Context, loaded *helmchart.Chart, values map[string]any, folder string, files map[string]string,
) error {
	if jsonnet.IsChart(loaded) {
		rendered, err := h.Jsonnet.Render(ctx, loaded, values, jsonnet.Release{Name: h.Name, Namespace: h.Namespace})
		if err != nil {
			return err
		}
		for name, text := range rendered {
			files[path.Join(folder, name)] = text
		}
	}
	if !slices.ContainsFunc(loaded.Dependencies(), holdsJsonnet) {
		return nil
	}
	coalesced, err := chartutil.CoalesceValues(loaded, values)
	if err != nil {
		return problem.New(problem.ValuesInvalid, "the values do not fit chart %s: %s", loaded.Name(), err).Because(err)
	}
	for _, subchart := range loaded.Dependencies() {
		below := manifest.MapAt(coalesced, subchart.Name())
		if err := h.addJsonnetFiles(ctx, subchart, below, path.Join(folder, "charts", subchart.Name()), files); err != nil {
			return err
		}
	}
	return nil
}
