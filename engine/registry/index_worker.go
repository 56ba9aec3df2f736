package registry

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"

	"github.com/Masterminds/semver/v3"

	"walm.io/engine/fair"
	"walm.io/engine/guard"
	"walm.io/engine/problem"
	"walm.io/engine/worker"
	"walm.io/engine/worker/isolation"
)

const (
	// IndexMemoryBytes is the memory limit for parsing one index.
	IndexMemoryBytes = 1 << 30
	// indexAnswerBytes is the maximum total size of the charts of one index.
	indexAnswerBytes = 128 << 20
	// parallelIndexes is how many are parsed concurrently.
	parallelIndexes = 2
)

// indexOrder is a request to an index worker.
type indexOrder struct {
	Shown string `json:"shown"`
	data  []byte
}

// Blobs is part of worker.Bulky.
func (o indexOrder) Blobs() [][]byte { return [][]byte{o.data} }

// indexResult is its response; the addresses of archives are never sent to the server.
type indexResult struct {
	Charts  []IndexedChart   `json:"charts,omitempty"`
	Skipped Skipped          `json:"skipped"`
	URLs    [][][]string     `json:"urls,omitempty"`
	Problem *problem.Problem `json:"problem,omitempty"`
}

// ServeIndexes is the main loop of an index worker; `end` must end the process.
func ServeIndexes(input io.Reader, output io.Writer, end func()) error {
	return worker.Serve(input, output, end, func(given worker.Order, _ worker.Ask) any {
		result, err := parseOrdered(given)
		if err == nil {
			return result
		}
		known, found := problem.From(err)
		if !found {
			known = problem.New(problem.Internal, "%s", err)
		}
		return indexResult{Problem: known}
	})
}

func parseOrdered(given worker.Order) (result indexResult, err error) {
	defer guard.Into(&err)
	var order indexOrder
	if err := json.Unmarshal(given.Text, &order); err != nil {
		return indexResult{}, err
	}
	if len(given.Blobs) != 1 {
		return indexResult{}, errors.New("an order without an index")
	}
	index, err := parseIndex(given.Blobs[0], order.Shown)
	if err != nil {
		return indexResult{}, err
	}
	result.Charts, result.Skipped = index.Charts, index.Skipped
	for _, chart := range index.Charts {
		addresses := [][]string{}
		for _, version := range chart.Versions {
			addresses = append(addresses, version.urls)
		}
		result.URLs = append(result.URLs, addresses)
	}
	return result, nil
}

// IndexPool parses indexes in worker processes: a large one takes seconds, and briefly hundreds of MiB.
type IndexPool struct{ workers *worker.Pool }

// NewIndexPool prepares workers that `command` starts (a program that calls ServeIndexes). None is kept ready.
func NewIndexPool(log *slog.Logger, command ...string) *IndexPool {
	return &IndexPool{worker.NewPool(log, worker.Settings{
		Command: command, Parallel: parallelIndexes, MemoryBytes: IndexMemoryBytes, AnswerBytes: indexAnswerBytes,
	})}
}

// Isolation returns the state of the isolation of the workers.
func (p *IndexPool) Isolation() (isolation.Report, error) { return p.workers.Isolation() }

// Close ends the idle workers.
func (p *IndexPool) Close() { p.workers.Close() }

// Parse parses an index. Errors: REPOSITORY_INDEX_INVALID, ENGINE_BUSY, the context's.
func (p *IndexPool) Parse(ctx context.Context, caller fair.Caller, data []byte, shown string) (Index, error) {
	leave, err := p.workers.Enter(ctx, caller)
	if err != nil {
		return Index{}, worker.BusyProblem(err, "the index of chart repository "+shown)
	}
	defer leave()
	limited, cancel := context.WithTimeout(ctx, parseTime)
	defer cancel()
	var result indexResult
	if err := p.workers.Do(limited, "", indexOrder{shown, data}, &result, nil); err != nil {
		if ctx.Err() != nil {
			return Index{}, context.Cause(ctx)
		}
		return Index{}, indexInvalid(shown, "reading it takes too much memory or time").Because(err)
	}
	if result.Problem != nil {
		return Index{}, result.Problem
	}
	return result.index(shown)
}

// index assembles the parts of the worker's response.
func (r indexResult) index(shown string) (Index, error) {
	if len(r.URLs) != len(r.Charts) {
		return Index{}, indexInvalid(shown, "it cannot be understood")
	}
	for at := range r.Charts {
		versions := r.Charts[at].Versions
		if len(r.URLs[at]) != len(versions) {
			return Index{}, indexInvalid(shown, "it cannot be understood")
		}
		for index := range versions {
			parsed, err := semver.NewVersion(versions[index].Version)
			if err != nil {
				return Index{}, indexInvalid(shown, "it cannot be understood")
			}
			versions[index].parsed, versions[index].urls = parsed, r.URLs[at][index]
		}
	}
	if r.Charts == nil {
		r.Charts = []IndexedChart{}
	}
	if len(r.Skipped.Entries) > maxSkipped || r.Skipped.Count < len(r.Skipped.Entries) {
		return Index{}, indexInvalid(shown, "it cannot be understood")
	}
	if r.Skipped.Entries == nil {
		r.Skipped.Entries = []SkippedEntry{}
	}
	return Index{r.Charts, r.Skipped}, nil
}
