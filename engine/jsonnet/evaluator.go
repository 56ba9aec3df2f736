package jsonnet

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strings"

	gojsonnet "github.com/google/go-jsonnet"

	"walm.io/engine/excerpt"
)

const (
	// warmBytes is the largest library that is parsed in advance.
	warmBytes = 8 << 20
	// keptBytes is how much memory may be kept between orders, mostly parsed files.
	keptBytes = 400 << 20
	// messageBytes is the maximum length of an error.
	messageBytes = 1000
)

// evaluator evaluates the main files of charts. It keeps what it parsed, the common library above all, because parsing
// takes most of the time. Not safe for concurrent use.
type evaluator struct {
	library map[string][]byte
	files   *importer
	vm      *gojsonnet.VM
}

func newEvaluator(library map[string][]byte) *evaluator {
	made := &evaluator{library: library}
	made.reset()
	return made
}

// reset drops all charts and everything parsed, except the library.
func (e *evaluator) reset() {
	e.files = newImporter(e.library)
	e.vm = gojsonnet.MakeVM()
	e.vm.SetTraceOut(io.Discard)
	e.vm.Importer(e.files)
	for _, function := range nativeFunctions(e.open) {
		e.vm.NativeFunction(function)
	}
	total := 0
	for _, data := range e.library {
		total += len(data)
	}
	if total > warmBytes {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(e.library)) {
		// A file that cannot be parsed is reported to the chart that imports it.
		_, _ = e.vm.EvaluateAnonymousSnippet("warm", fmt.Sprintf("std.type(import %q)", libraryRoot+name))
	}
}

// knows tells whether the files of a chart were sent before.
func (e *evaluator) knows(chart source) bool {
	_, known := e.files.files[chartRoot+chart.Key+"/"+chart.Main]
	return known
}

// evaluate returns the objects of a chart by file name. `name` is the chart's, for messages.
func (e *evaluator) evaluate(name string, chart source, config map[string]any) (map[string]json.RawMessage, error) {
	if !e.knows(chart) {
		e.files.add(chart)
	}
	argument, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	e.vm.TLACode("config", string(argument))
	text, err := e.vm.EvaluateFile(chartRoot + chart.Key + "/" + chart.Main)
	if err != nil {
		return nil, explained(name, shown(chart.Main), err)
	}
	var objects map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &objects) != nil {
		return nil, failed(name, shown(chart.Main), "it must give an object per file name, and gave something else")
	}
	return objects, nil
}

// tidy is called between orders.
func (e *evaluator) tidy() {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	if memory.HeapAlloc < keptBytes {
		return
	}
	runtime.GC()
	runtime.ReadMemStats(&memory)
	if memory.HeapAlloc >= keptBytes {
		e.reset()
	}
}

// open reads a file for a native function; `from` is the path of the calling template.
func (e *evaluator) open(from, wanted string) (string, error) {
	if !strings.HasPrefix(from, chartRoot) {
		return "", fmt.Errorf("%q is not the path of a template: give std.thisFile", from)
	}
	contents, _, err := e.files.Import(from, wanted)
	if err != nil {
		return "", err
	}
	return contents.String(), nil
}

var (
	rootPattern     = regexp.MustCompile(chartRoot + `[0-9a-f]{64}/(` + baseFolder + `)?`)
	locationPattern = regexp.MustCompile(`(?:` + chartRoot + `[0-9a-f]{64}/|` + libraryRoot + `)([^\s:"]+):[(\d]\S*`)
)

// explained turns a jsonnet error into a problem: its first line, and the position in the chart.
func explained(chart, file string, err error) error {
	text := err.Error()
	where := ""
	if at := locationPattern.FindStringSubmatch(text); at != nil {
		file = shown(at[1])
		where = rootPattern.ReplaceAllString(at[0], "")
	}
	message, _, _ := strings.Cut(text, "\n")
	message = rootPattern.ReplaceAllString(message, "")
	message = excerpt.Of(message, messageBytes)
	if where != "" && !strings.Contains(message, where) {
		message += " (at " + where + ")"
	}
	return failed(chart, file, "%s", message)
}
