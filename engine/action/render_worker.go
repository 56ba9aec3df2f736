package action

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"runtime/debug"
	"sync"

	helmengine "helm.sh/helm/v4/pkg/engine"
	"k8s.io/client-go/rest"

	"walm.io/engine/client"
	"walm.io/engine/problem"
)

// workerStackBytes ends a template that recurses without end before it has taken much memory.
const workerStackBytes = 256 << 20

// ServeRenders is the life of a render worker: a line with an order comes in, a line with the result goes out. It is a
// process of its own because a template cannot be stopped from outside, may fill the memory, and may overflow the
// stack, which no Go program survives. When the input ends, the engine is gone, and `end` must end the process even
// though a template may still run.
func ServeRenders(input io.Reader, output io.Writer, end func()) error {
	debug.SetMaxStack(workerStackBytes)
	orders := make(chan []byte)
	go func() {
		defer end()
		reader := bufio.NewReaderSize(input, 1<<20)
		for {
			line, err := reader.ReadBytes('\n')
			if err != nil {
				return
			}
			orders <- line
		}
	}()
	results := json.NewEncoder(output)
	worker := renderWorker{clusters: map[client.Source]*client.Cluster{}}
	for {
		if err := results.Encode(worker.result(<-orders)); err != nil {
			return err
		}
	}
}

// renderWorker keeps the clients of the clusters that templates look things up in.
type renderWorker struct {
	mutex    sync.Mutex
	clusters map[client.Source]*client.Cluster
}

func (w *renderWorker) result(line []byte) renderResult {
	result, err := w.render(line)
	if err == nil {
		return result
	}
	known, found := problem.From(err)
	if !found {
		known = problem.New(problem.Internal, "%s", err)
	}
	return renderResult{Problem: known}
}

func (w *renderWorker) render(line []byte) (result renderResult, err error) {
	defer RecoverInto(&err)
	var order renderOrder
	if err := json.Unmarshal(line, &order); err != nil {
		return renderResult{}, err
	}
	config, err := w.lookupConfig(order)
	if err != nil {
		return renderResult{}, err
	}
	chart := order.Chart.grown()
	values, err := order.renderValues(chart)
	if err != nil {
		return renderResult{}, err
	}
	files, err := helmengine.New(config).RenderWithContext(context.Background(), chart, values)
	if err != nil {
		if known := clusterProblem(err); known != nil {
			return renderResult{}, known
		}
		return renderResult{}, problem.New(problem.TemplateFailed, "a template of chart %s failed: %s", chart.Name(), err)
	}
	result.Files = files
	if computed, err := values.Table("Values"); err == nil {
		result.Computed = computed
	}
	return result, nil
}

// lookupConfig is how templates reach the cluster: as the caller.
func (w *renderWorker) lookupConfig(order renderOrder) (*rest.Config, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	cluster, known := w.clusters[order.Cluster]
	if !known {
		connected, err := client.Connect(order.Cluster, slog.Default(), func() {})
		if err != nil {
			return nil, err
		}
		cluster = connected
		w.clusters[order.Cluster] = cluster
	}
	session, err := cluster.Session(context.Background(), order.Identity, order.Release.Namespace, nil)
	if err != nil {
		return nil, err
	}
	return session.ToRESTConfig()
}
