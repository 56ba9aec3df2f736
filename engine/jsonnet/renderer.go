package jsonnet

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/fair"
	"walm.io/engine/worker"
	"walm.io/engine/worker/isolation"
	"walm.io/engine/yamltext"
)

const (
	// parallelEvaluations is the number of charts evaluated concurrently; a worker uses about 130 MB.
	parallelEvaluations = 2
	// MemoryBytes is the memory limit for the jsonnet of one chart, including the common library.
	MemoryBytes = 1 << 30
	// answerBytes is the maximum total size of the objects of one chart; a record has less than 1 MiB.
	answerBytes = 64 << 20
	// fileSuffix is what the original appends to the file names that a chart returns.
	fileSuffix = ".transwarp-jsonnet.yaml"
)

// Renderer renders jsonnet charts in worker processes, each killed if its chart takes too much time or memory.
type Renderer struct {
	workers *worker.Pool
	memory  int64
}

// NewRenderer prepares workers that `command` starts (a program that calls Serve). With `warm` one is always ready.
// None may use more than `memory` bytes.
func NewRenderer(log *slog.Logger, memory int64, warm bool, command ...string) *Renderer {
	return &Renderer{memory: memory, workers: worker.NewPool(log, worker.Settings{
		Command:     command,
		Parallel:    parallelEvaluations,
		MemoryBytes: memory,
		// Between two orders a worker keeps the parsed library (record 0012).
		IdleBytes:   memory / 4 * 3,
		AnswerBytes: answerBytes,
		Warm:        warm,
	})}
}

// Close ends the idle workers.
func (r *Renderer) Close() {
	r.workers.Close()
}

// Isolation returns the state of the isolation of the workers.
func (r *Renderer) Isolation() (isolation.Report, error) {
	return r.workers.Isolation()
}

// Enter waits for a place to render in; waiting does not count as rendering time. Errors: ENGINE_BUSY, the context's.
func (r *Renderer) Enter(ctx context.Context, caller fair.Caller, name string) (leave func(), err error) {
	leave, err = r.workers.Enter(ctx, caller)
	return leave, worker.BusyProblem(err, "the jsonnet templates of chart "+name)
}

// Render returns the documents of a jsonnet chart by template path, as YAML, for a caller with a place. `values` are
// the user's. The context bounds it. Errors: TEMPLATE_FAILED, TEMPLATE_TIMEOUT, both with chart and file.
func (r *Renderer) Render(
	ctx context.Context, chart *helmchart.Chart, values map[string]any, release Release,
) (map[string]string, error) {
	laid, err := sourceOf(chart)
	if err != nil {
		return nil, err
	}
	wanted := order{Name: chart.Name(), Chart: laid, Config: configOf(chart, values, release)}
	// Usually the worker already has the files, which are many.
	wanted.Chart.Files = nil
	result, err := r.ask(ctx, wanted)
	if err == nil && result.Unknown {
		wanted.Chart.Files = laid.Files
		result, err = r.ask(ctx, wanted)
	}
	if err != nil {
		return nil, err
	}
	documents := map[string]string{}
	for name, object := range result.Objects {
		text, err := documentOf(object)
		if err != nil || !filepath.IsLocal(name) {
			return nil, failed(chart.Name(), shown(laid.Main), "what it gives for %q is not an object with a file name", name)
		}
		if text != "" {
			documents["templates/"+filepath.ToSlash(filepath.Clean(name))+fileSuffix] = text
		}
	}
	return documents, nil
}

func (r *Renderer) ask(ctx context.Context, wanted order) (answer, error) {
	var result answer
	file := shown(wanted.Chart.Main)
	err := r.workers.Do(ctx, wanted.Chart.Key, wanted, &result, nil)
	if err != nil {
		err = worker.ProblemOf(err, "the jsonnet templates of chart "+wanted.Name+" ("+file+")", r.memory)
		return answer{}, about(err, wanted.Name, file)
	}
	if result.Problem != nil {
		return answer{}, result.Problem
	}
	return result, nil
}

// documentOf writes an object as YAML, "" for an empty one. Numbers get the shortest equivalent form: jsonnet writes
// 0.2 with 17 digits.
func documentOf(object json.RawMessage) (string, error) {
	var fields map[string]any
	if err := json.Unmarshal(object, &fields); err != nil || len(fields) == 0 {
		return "", err
	}
	text, err := yamltext.Marshal(fields)
	return string(text), err
}
