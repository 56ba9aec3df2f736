package action

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"sync"
	"text/template"
	"time"

	helmengine "helm.sh/helm/v4/pkg/engine"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"

	"walm.io/engine/client"
	"walm.io/engine/generated"
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
	if order.Recorded == nil {
		return order.execute(config, nil)
	}
	return keepGenerated(line, config)
}

// execute renders the chart with functions that take the place of Helm's. Templates may change the values that they are
// given: an order is executed once.
func (o renderOrder) execute(config *rest.Config, functions template.FuncMap) (result renderResult, err error) {
	chart := o.Chart.grown()
	values, err := o.renderValues(chart)
	if err != nil {
		return renderResult{}, err
	}
	engine := helmengine.New(config)
	engine.CustomTemplateFuncs = functions
	files, err := engine.RenderWithContext(context.Background(), chart, values)
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

// keepGenerated renders the chart with what the record has of what the chart generates.
func keepGenerated(line []byte, config *rest.Config) (result renderResult, err error) {
	var given renderOrder
	if err := json.Unmarshal(line, &given); err != nil {
		return renderResult{}, err
	}
	computed := map[string]any{}
	run := func(old bool) func(template.FuncMap) (map[string]string, error) {
		return func(functions template.FuncMap) (map[string]string, error) {
			var order renderOrder
			if err := json.Unmarshal(line, &order); err != nil {
				return nil, err
			}
			if old {
				order.Chart, order.Values = order.Recorded.Chart, order.Recorded.Values
			}
			rendered, err := order.execute(config, functions)
			if !old {
				computed = rendered.Computed
			}
			return rendered.Files, err
		}
	}
	result.Files, result.Anew, err = generated.Keep(generated.Change{
		Old: run(true), New: run(false), Recorded: given.Recorded.Documents, Objects: objectsOf,
		Write: func(object map[string]any) (string, error) {
			text, err := yaml.Marshal(object)
			return string(text), err
		},
		Now: time.Now(),
	})
	result.Computed = computed
	return result, err
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
