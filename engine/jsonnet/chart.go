// Package jsonnet renders the charts of the original Walm that are written in jsonnet: their files are in
// template-jsonnet/ and applib/, and their main file returns one object per Kubernetes object.
package jsonnet

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
)

const (
	templateFolder = "template-jsonnet/"
	applibFolder   = "applib/"
	// libraryFolder is where charts expect the configured common library.
	libraryFolder = "applib/ksonnet-lib/"
	// baseFolder stands for `<release>/<appVersion>`, which the original created on disk. Both are free text, and
	// nothing visible to a chart depends on them, so they are the same for every release.
	baseFolder = "release/version/"
	mainSuffix = "main.jsonnet"
)

// source is what a worker must know of one chart: it is the same for all releases and values.
type source struct {
	// Key is a digest of the rest.
	Key string `json:"key"`
	// Main is the path of the main file in Files.
	Main string `json:"main"`
	// Files are laid out as the imports of the charts expect.
	Files map[string][]byte `json:"files,omitempty"`
}

// IsChart tells whether a chart is written in jsonnet.
func IsChart(chart *helmchart.Chart) bool {
	return slices.ContainsFunc(chart.Files, func(file *common.File) bool { return strings.HasPrefix(file.Name, templateFolder) })
}

// sourceOf lays out the files of a chart: its templates two folders below the root, `values.yaml` (as JSON, which the
// templates parse) in between, `applib` at the root.
func sourceOf(chart *helmchart.Chart) (source, error) {
	values, err := json.Marshal(chart.Values)
	if err != nil {
		return source{}, fmt.Errorf("writing the values of chart %s: %w", chart.Name(), err)
	}
	if chart.Values == nil {
		values = []byte("{}")
	}
	laid := source{Files: map[string][]byte{baseFolder + "values.yaml": values}}
	for _, file := range chart.Files {
		switch {
		case strings.HasPrefix(file.Name, applibFolder):
			laid.Files[file.Name] = file.Data
		case isTemplate(file.Name):
			laid.Files[baseFolder+file.Name] = file.Data
		}
	}
	names := make([]string, 0, len(laid.Files))
	for name := range laid.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	digest := sha256.New()
	for _, name := range names {
		fmt.Fprintf(digest, "%d %s %d\n", len(name), name, len(laid.Files[name]))
		digest.Write(laid.Files[name])
		if laid.Main == "" && strings.HasPrefix(name, baseFolder+templateFolder) && strings.HasSuffix(name, mainSuffix) {
			laid.Main = name
		}
	}
	if laid.Main == "" {
		return source{}, failed(chart.Name(), templateFolder, "failed to find main jsonnet file: one must have a name that ends in %s", mainSuffix)
	}
	laid.Key = hex.EncodeToString(digest.Sum(nil))
	return laid, nil
}

// isTemplate excludes what the original excluded: hidden files and folders, and partials.
func isTemplate(name string) bool {
	rest, found := strings.CutPrefix(name, templateFolder)
	return found && rest != "" && rest[0] != '.' && rest[0] != '_' && path.Clean(name) == name
}
