package action

import (
	"context"
	"errors"
	"fmt"
	"path"
	"sync"
	"text/template"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	chartutil "helm.sh/helm/v4/pkg/chart/common/util"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	helmengine "helm.sh/helm/v4/pkg/engine"

	"walm.io/engine/problem"
)

// rendering renders the real chart once, at the moment when Helm asks for the first literal template: after custom
// resource definitions, with the release facts that Helm decided.
type rendering struct {
	op            *operation
	chart         *helmchart.Chart
	values        map[string]any
	releaseConfig map[string]any

	once     sync.Once
	files    map[string]string
	computed map[string]any
	err      error
}

// functions are the template functions for the literal chart.
func (r *rendering) functions() template.FuncMap {
	return template.FuncMap{literalFunction: r.text}
}

// text gives what the template at `name` rendered to; `root` is the root context that Helm made.
func (r *rendering) text(name string, root map[string]any) (string, error) {
	r.once.Do(func() { r.err = r.render(root) })
	return r.files[name], r.err
}

func (r *rendering) render(root map[string]any) error {
	r.op.report(Progress{Phase: phaseRender, Message: "rendering chart " + r.chart.Name()})
	options, err := releaseOptions(root)
	if err != nil {
		return err
	}
	capabilities, ok := root["Capabilities"].(*common.Capabilities)
	if !ok {
		return errors.New("helm gave no capabilities to the templates")
	}
	values, err := chartutil.ToRenderValuesWithSchemaValidation(r.chart, r.values, options, capabilities, true)
	if err != nil {
		return problem.New(problem.ValuesInvalid, "the values do not fit chart %s: %s", r.chart.Name(), err).Because(err)
	}
	if computed, err := values.Table("Values"); err == nil {
		r.computed = computed
	}
	files, err := r.execute(values)
	if err != nil {
		return err
	}
	if r.releaseConfig != nil {
		if err := addReleaseConfig(files, path.Join(r.chart.Name(), releaseConfigTemplate), r.releaseConfig); err != nil {
			return err
		}
	}
	r.files = files
	return nil
}

// execute runs the templates. They cannot be stopped from outside: past the limit the operation fails at once, and
// what still runs is left to end by itself.
func (r *rendering) execute(values common.Values) (map[string]string, error) {
	config, err := r.op.session.ToRESTConfig()
	if err != nil {
		return nil, err
	}
	type outcome struct {
		files map[string]string
		err   error
	}
	limited, cancel := context.WithTimeout(r.op.ctx, r.op.RenderLimit)
	defer cancel()
	finished := make(chan outcome, 1)
	go func() {
		var result outcome
		defer func() { finished <- result }()
		defer RecoverInto(&result.err)
		result.files, result.err = helmengine.New(config).RenderWithContext(limited, r.chart, values)
	}()
	select {
	case result := <-finished:
		if result.err != nil {
			return nil, r.failed(result.err)
		}
		return result.files, nil
	case <-limited.Done():
		if r.op.cancelled() {
			return nil, context.Cause(r.op.ctx)
		}
		return nil, problem.New(problem.TemplateTimeout,
			"the templates of chart %s did not finish within %s: look for loops or recursion in them",
			r.chart.Name(), r.op.RenderLimit.Round(time.Millisecond))
	}
}

// failed is TEMPLATE_FAILED with Helm's text, unless the cluster's answer to a lookup was the reason.
func (r *rendering) failed(err error) error {
	if known := clusterProblem(err); known != nil {
		return known
	}
	return problem.New(problem.TemplateFailed, "a template of chart %s failed: %s", r.chart.Name(), err).Because(err)
}

// releaseOptions reads back what Helm put into `.Release`.
func releaseOptions(root map[string]any) (common.ReleaseOptions, error) {
	facts, ok := root["Release"].(map[string]any)
	if !ok {
		return common.ReleaseOptions{}, errors.New("helm gave no release facts to the templates")
	}
	options := common.ReleaseOptions{}
	for _, read := range []error{
		readFact(facts, "Name", &options.Name),
		readFact(facts, "Namespace", &options.Namespace),
		readFact(facts, "Revision", &options.Revision),
		readFact(facts, "IsInstall", &options.IsInstall),
		readFact(facts, "IsUpgrade", &options.IsUpgrade),
	} {
		if read != nil {
			return common.ReleaseOptions{}, read
		}
	}
	return options, nil
}

func readFact[T any](facts map[string]any, name string, into *T) error {
	fact, ok := facts[name].(T)
	if !ok {
		return fmt.Errorf("helm gave templates a .Release.%s of type %T", name, facts[name])
	}
	*into = fact
	return nil
}

// firstError gives the error of the real chart's templates where there is one: Helm reports it as an error of the
// literal template that asked.
func (r *rendering) firstError(err error) error {
	if err != nil && r.err != nil {
		return r.err
	}
	return err
}
