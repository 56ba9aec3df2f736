package chart

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/yamltext"
)

// packRecorded packs a chart as Helm's record contains it: metadata, values, schema, templates and files. Comments of
// Chart.yaml and values.yaml are not recorded. The same chart always gives the same bytes.
func packRecorded(recorded *helmchart.Chart, limits Limits) ([]byte, error) {
	files, err := recordedFiles(recorded)
	if err != nil {
		return nil, err
	}
	pack := newPacker(fmt.Sprintf("the recorded chart %s %s", recorded.Name(), recorded.Metadata.Version), limits)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := errors.Join(pack.admit(name, int64(len(files[name]))), pack.add(name, files[name])); err != nil {
			return nil, err
		}
	}
	return pack.finish()
}

func recordedFiles(recorded *helmchart.Chart) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, file := range slices.Concat(recorded.Files, recorded.Templates) {
		files[file.Name] = file.Data
	}
	metadata, err := yamltext.Marshal(recorded.Metadata)
	if err != nil {
		return nil, fmt.Errorf("writing the recorded Chart.yaml: %w", err)
	}
	files["Chart.yaml"] = metadata
	values, err := yamltext.Marshal(recorded.Values)
	if err != nil {
		return nil, fmt.Errorf("writing the recorded values.yaml: %w", err)
	}
	if len(recorded.Values) > 0 {
		files["values.yaml"] = values
	}
	if len(recorded.Schema) > 0 {
		files["values.schema.json"] = recorded.Schema
	}
	return files, nil
}
