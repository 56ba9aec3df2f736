package renderer

import (
	"context"
	"encoding/json"
	"io"
	"text/template"
	"time"

	helmengine "helm.sh/helm/v4/pkg/engine"
	"k8s.io/client-go/rest"

	"walm.io/engine/generated"
	"walm.io/engine/guard"
	"walm.io/engine/jsontext"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/refusal"
	"walm.io/engine/worker"
	"walm.io/engine/yamltext"
)

// Serve is the main loop of a render worker; `end` must end the process.
func Serve(input io.Reader, output io.Writer, end func()) error {
	return worker.Serve(input, output, end, func(order worker.Order, ask worker.Ask) any {
		reads := &askedReads{ask: ask}
		result, err := renderOrdered(order, reads.config())
		switch known, found := problem.From(err); {
		case err == nil:
			return result
		case reads.refused != nil:
			return Result{Problem: reads.refused}
		case found:
			return Result{Problem: known}
		default:
			return Result{Problem: problem.New(problem.Internal, "%s", err)}
		}
	})
}

func renderOrdered(given worker.Order, config *rest.Config) (result Result, err error) {
	defer guard.Into(&err)
	var order Order
	if err := readRenderOrder(given, &order); err != nil {
		return Result{}, err
	}
	if order.Recorded == nil {
		return order.execute(config, nil)
	}
	return keepGenerated(given, config)
}

func readRenderOrder(given worker.Order, order *Order) error {
	if err := json.Unmarshal(given.Text, order); err != nil {
		return err
	}
	return order.unpack(given.Blobs)
}

// execute renders the chart with functions in place of Helm's. Templates may change their values: an order is executed
// once.
func (o Order) execute(config *rest.Config, functions template.FuncMap) (result Result, err error) {
	chart := o.Chart.grown()
	values, err := o.RenderValues(chart)
	if err != nil {
		return Result{}, err
	}
	engine := helmengine.New(config)
	if o.IsOffline {
		engine = helmengine.Engine{}
	}
	engine.CustomTemplateFuncs = functions
	files, err := engine.RenderWithContext(context.Background(), chart, values)
	if err != nil {
		if known := refusal.OfCluster(err); known != nil {
			return Result{}, known
		}
		return Result{}, problem.New(problem.TemplateFailed, "a template of chart %s failed: %s", chart.Name(), err)
	}
	result.Files = files
	if computed, err := values.Table("Values"); err == nil {
		result.Computed, err = jsontext.Marshal(map[string]any(computed))
		return result, err
	}
	return result, nil
}

// keepGenerated renders the chart with the recorded values of what it generates.
func keepGenerated(text worker.Order, config *rest.Config) (result Result, err error) {
	var given Order
	if err := readRenderOrder(text, &given); err != nil {
		return Result{}, err
	}
	var computed json.RawMessage
	run := func(old bool) func(template.FuncMap) (map[string]string, error) {
		return func(functions template.FuncMap) (map[string]string, error) {
			var order Order
			if err := readRenderOrder(text, &order); err != nil {
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
	result.Files, result.Regenerated, err = generated.Keep(generated.Change{
		Old: run(true), New: run(false), Recorded: given.Recorded.Documents, Objects: manifest.ObjectsOf,
		Write: func(object map[string]any) (string, error) {
			text, err := yamltext.Marshal(object)
			return string(text), err
		},
		Now: time.Now(),
	})
	result.Computed = computed
	return result, err
}
