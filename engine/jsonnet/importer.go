package jsonnet

import (
	"errors"
	"fmt"
	"path"
	"strings"

	gojsonnet "github.com/google/go-jsonnet"
)

const (
	chartRoot   = "chart/"
	libraryRoot = "library/"
)

// importer returns the files of charts and of the common library, all from memory. Each chart has a folder of its own,
// `chart/<key>/`, and sees nothing else; the library, `library/`, is shared, so that it is parsed once.
type importer struct {
	files map[string]gojsonnet.Contents
}

func newImporter(library map[string][]byte) *importer {
	made := &importer{files: map[string]gojsonnet.Contents{}}
	for name, data := range library {
		made.files[libraryRoot+name] = gojsonnet.MakeContentsRaw(data)
	}
	return made
}

func (i *importer) add(chart source) {
	for name, data := range chart.Files {
		i.files[chartRoot+chart.Key+"/"+name] = gojsonnet.MakeContentsRaw(data)
	}
}

// Import is part of gojsonnet.Importer. `from` is a path that Import returned before, or empty for Walm's own call.
func (i *importer) Import(from, wanted string) (gojsonnet.Contents, string, error) {
	if from == "" {
		return i.open(wanted)
	}
	found, err := resolve(from, wanted)
	if err != nil {
		return gojsonnet.Contents{}, "", err
	}
	return i.open(found)
}

func (i *importer) open(name string) (gojsonnet.Contents, string, error) {
	if contents, found := i.files[name]; found {
		return contents, name, nil
	}
	root, within := split(name)
	shared, inLibrary := strings.CutPrefix(within, libraryFolder)
	if !inLibrary || root == libraryRoot {
		return gojsonnet.Contents{}, "", fmt.Errorf("the chart has no file %s", shown(within))
	}
	if contents, found := i.files[libraryRoot+shared]; found {
		return contents, libraryRoot + shared, nil
	}
	return gojsonnet.Contents{}, "", fmt.Errorf(
		"there is no file %s: it is part of the common library that jsonnetConfig.commonTemplateFilesPath of the server must name", within)
}

var errOutside = errors.New("only files of the chart can be imported")

// resolve returns the path that `wanted` means in the file `from`. It stays within the folder of the chart, or of the
// library.
func resolve(from, wanted string) (string, error) {
	if path.IsAbs(wanted) {
		return "", fmt.Errorf("%q: %w", wanted, errOutside)
	}
	root, within := split(from)
	relative := path.Join(path.Dir(within), wanted)
	if relative == ".." || strings.HasPrefix(relative, "../") {
		return "", fmt.Errorf("%q: %w", wanted, errOutside)
	}
	return root + relative, nil
}

// split separates the root from the path in it.
func split(name string) (root, within string) {
	if rest, found := strings.CutPrefix(name, chartRoot); found {
		key, within, _ := strings.Cut(rest, "/")
		return chartRoot + key + "/", within
	}
	return libraryRoot, strings.TrimPrefix(name, libraryRoot)
}

// shown is the path of a file within its chart.
func shown(within string) string {
	return strings.TrimPrefix(within, baseFolder)
}
