package jsonnet

import (
	"bytes"
	"crypto/md5"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/template"

	gojsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// defaultMode is the mode of a mounted file, 0644.
const defaultMode = 420

// nativeFunctions are the functions that the original offers to templates by std.native. `open` reads a file of the
// chart.
func nativeFunctions(open func(from, wanted string) (string, error)) []*gojsonnet.NativeFunction {
	return []*gojsonnet.NativeFunction{
		native("parseYaml", func(arguments []any) (any, error) {
			text, err := textArgument(arguments, 0)
			if err != nil {
				return nil, err
			}
			return parseYAML(text)
		}, "yaml"),
		native("loadConfigFiles", func(arguments []any) (any, error) {
			return loadConfigFiles(arguments, open)
		}, "name", "mountPath", "volConfigs", "mainPath"),
		native("gotmplRender", renderGoTemplate, "tmplContent", "context", "returnType"),
	}
}

func native(name string, function func([]any) (any, error), parameters ...string) *gojsonnet.NativeFunction {
	made := &gojsonnet.NativeFunction{Name: name}
	for _, parameter := range parameters {
		made.Params = append(made.Params, ast.Identifier(parameter))
	}
	made.Func = func(arguments []any) (any, error) {
		result, err := function(arguments)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return result, nil
	}
	return made
}

func textArgument(arguments []any, index int) (string, error) {
	text, ok := arguments[index].(string)
	if !ok {
		return "", fmt.Errorf("argument %d must be a string, not %T", index+1, arguments[index])
	}
	return text, nil
}

// parseYAML returns the documents of a text.
func parseYAML(text string) (any, error) {
	documents := []any{}
	decoder := yaml.NewYAMLToJSONDecoder(strings.NewReader(text))
	for {
		var document any
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
}

// configFile is one element of loadConfigFiles' volConfigs.
type configFile struct {
	ConfigMapKey        string `json:"configMapKey"`
	FileLocation        string `json:"fileLocation"`
	FileData            string `json:"fileData"`
	VolConfigMapSubPath string `json:"volConfigMapSubPath"`
	VolConfigMapMode    int    `json:"volConfigMapMode"`
}

// loadConfigFiles collects files for a ConfigMap and its volume. Files are found relative to `mainPath`, which is the
// path of a template (std.thisFile); the original read the server's disk instead.
func loadConfigFiles(arguments []any, open func(from, wanted string) (string, error)) (any, error) {
	texts := [3]string{}
	for at, index := range []int{0, 1, 3} {
		text, err := textArgument(arguments, index)
		if err != nil {
			return nil, err
		}
		texts[at] = text
	}
	name, mountPath, mainPath := texts[0], texts[1], texts[2]
	given, err := json.Marshal(arguments[2])
	if err != nil {
		return nil, err
	}
	var files []configFile
	if err := json.Unmarshal(given, &files); err != nil {
		return nil, err
	}
	contents, volumes, all := map[string]any{}, []any{}, strings.Builder{}
	for _, file := range files {
		content := file.FileData
		if content == "" {
			if content, err = open(mainPath, file.FileLocation); err != nil {
				return nil, err
			}
		}
		mode := file.VolConfigMapMode
		if mode == 0 {
			mode = defaultMode
		}
		contents[file.ConfigMapKey] = content
		all.WriteString(content)
		volumes = append(volumes, map[string]any{"key": file.ConfigMapKey, "path": file.VolConfigMapSubPath, "mode": float64(mode)})
	}
	checksum := md5.Sum([]byte(all.String()))
	return map[string]any{
		"name":           name,
		"configMapsData": contents,
		"volumes":        volumes,
		"volumeMount":    map[string]any{"name": name, "mountPath": mountPath},
		// The original returns the raw bytes; invalid UTF-8 becomes U+FFFD in JSON.
		"md5Checksum": strings.ToValidUTF8(string(checksum[:]), "\uFFFD"),
	}, nil
}

// renderGoTemplate executes a Go template with Go's own functions only. The return type "json" parses the result as
// YAML.
func renderGoTemplate(arguments []any) (any, error) {
	text, err := textArgument(arguments, 0)
	if err != nil {
		return nil, err
	}
	returnType, err := textArgument(arguments, 2)
	if err != nil {
		return nil, err
	}
	parsed, err := template.New("template").Parse(text)
	if err != nil {
		return nil, err
	}
	var rendered bytes.Buffer
	if err := parsed.Execute(&rendered, arguments[1]); err != nil {
		return nil, err
	}
	if returnType != "json" {
		return rendered.String(), nil
	}
	var result any
	err = yaml.NewYAMLToJSONDecoder(&rendered).Decode(&result)
	return result, err
}
