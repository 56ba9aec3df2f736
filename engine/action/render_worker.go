package action

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"sync"

	helmengine "helm.sh/helm/v4/pkg/engine"
	"k8s.io/client-go/rest"

	"walm.io/engine/client"
	"walm.io/engine/problem"
	"walm.io/engine/worker"
)

// ServeRenders is the life of a render worker; `end` must end the process.
func ServeRenders(input io.Reader, output io.Writer, end func()) error {
	renders := renderWorker{clusters: map[client.Source]*client.Cluster{}}
	return worker.Serve(input, output, end, func(order []byte) any { return renders.result(order) })
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
