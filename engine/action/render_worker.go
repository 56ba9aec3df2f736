package action

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
	"walm.io/engine/problem"
	"walm.io/engine/worker"
	"walm.io/engine/yamltext"
)

// ServeRenders is the life of a render worker; `end` must end the process.
func ServeRenders(input io.Reader, output io.Writer, end func()) error {
	return worker.Serve(input, output, end, func(order worker.Order, ask worker.Ask) any {
		reads := &askedReads{ask: ask}
		result, err := renderOrdered(order, reads.config())
		switch known, found := problem.From(err); {
		case err == nil:
			return result
		case reads.refused != nil:
			return renderResult{Problem: reads.refused}
		case found:
			return renderResult{Problem: known}
		default:
			return renderResult{Problem: problem.New(problem.Internal, "%s", err)}
		}
	})
}

func renderOrdered(given worker.Order, config *rest.Config) (result renderResult, err error) {
	defer guard.Into(&err)
	var order renderOrder
	if err := readRenderOrder(given, &order); err != nil {
		return renderResult{}, err
	}
	if order.Recorded == nil {
		return order.execute(config, nil)
	}
	return keepGenerated(given, config)
}

func readRenderOrder(given worker.Order, order *renderOrder) error {
	if err := json.Unmarshal(given.Text, order); err != nil {
		return err
	}
	order.unpack(given.Blobs)
	return nil
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
func keepGenerated(text worker.Order, config *rest.Config) (result renderResult, err error) {
	var given renderOrder
	if err := readRenderOrder(text, &given); err != nil {
		return renderResult{}, err
	}
	computed := map[string]any{}
	run := func(old bool) func(template.FuncMap) (map[string]string, error) {
		return func(functions template.FuncMap) (map[string]string, error) {
			var order renderOrder
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
	result.Files, result.Anew, err = generated.Keep(generated.Change{
		Old: run(true), New: run(false), Recorded: given.Recorded.Documents, Objects: objectsOf,
		Write: func(object map[string]any) (string, error) {
			text, err := yamltext.Marshal(object)
			return string(text), err
		},
		Now: time.Now(),
	})
	result.Computed = computed
	return result, err
}
