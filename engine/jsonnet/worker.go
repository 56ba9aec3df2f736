package jsonnet

import (
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"walm.io/engine/problem"
	"walm.io/engine/worker"
)

// order is one request to a worker.
type order struct {
	Name   string         `json:"name"`
	Chart  source         `json:"chart"`
	Config map[string]any `json:"config"`
}

// answer is its response: objects by file name, or why there are none.
type answer struct {
	Objects map[string]json.RawMessage `json:"objects,omitempty"`
	// Unknown requests the order again with the files of the chart.
	Unknown bool             `json:"unknown,omitempty"`
	Problem *problem.Problem `json:"problem,omitempty"`
}

// Serve is the main loop of a jsonnet worker; `end` must end the process. `libraryFolder` contains the common library,
// empty for none.
func Serve(input io.Reader, output io.Writer, end func(), libraryFolder string) error {
	library, err := readLibrary(libraryFolder)
	if err != nil {
		return err
	}
	evaluator := newEvaluator(library)
	return worker.Serve(input, output, end, func(given worker.Order, _ worker.Ask) any {
		defer evaluator.tidy()
		return evaluator.carryOut(given.Text)
	})
}

func (e *evaluator) carryOut(line []byte) answer {
	var wanted order
	if err := json.Unmarshal(line, &wanted); err != nil {
		return answer{Problem: problem.New(problem.Internal, "%s", err)}
	}
	if len(wanted.Chart.Files) == 0 && !e.knows(wanted.Chart) {
		return answer{Unknown: true}
	}
	objects, err := e.evaluate(wanted.Name, wanted.Chart, wanted.Config)
	if err == nil {
		return answer{Objects: objects}
	}
	known, found := problem.From(err)
	if !found {
		known = problem.New(problem.Internal, "%s", err)
	}
	return answer{Problem: known}
}

// readLibrary reads the files of the common library by their path in it.
func readLibrary(folder string) (map[string][]byte, error) {
	files := map[string][]byte{}
	if folder == "" {
		return files, nil
	}
	err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		within, err := filepath.Rel(folder, name)
		files[filepath.ToSlash(within)] = data
		return err
	})
	return files, err
}
