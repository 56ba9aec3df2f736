package rendering

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"walm.io/engine/excerpt"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/renderer"
	"walm.io/engine/yamltext"
)

// probeBytes limits how much of a template's error a refusal repeats.
const probeBytes = 512

// refuseShaping refuses values of other releases that are more than texts in the rendered objects: the user who publishes
// them would write objects with the rights of the user whose release takes them. The chart is rendered with both probes, which
// have different harmless texts instead of these values, and with nothing else. The objects have to be the same in all
// of them, except for texts that depend on the values, as the difference between the probes shows, or on nothing, as a
// repetition shows. Error: OUTPUT_SHAPES_OBJECTS, and the context's.
func (r *Run) refuseShaping(ctx context.Context, order renderer.Order, files map[string]string) error {
	if len(r.probes) != 2 {
		return nil
	}
	probed := [2]map[string]string{}
	for index, values := range r.probes {
		probe := order
		probe.Values, probe.Recorded = values, nil
		answered, err := r.again(ctx, probe)
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			return problem.New(problem.OutputShapesObjects,
				"chart %s cannot be rendered with other texts instead of the outputs of other releases, which shows whether they are only texts in its objects: %s",
				r.chart.Name(), excerpt.Of(err.Error(), probeBytes))
		}
		probed[index] = answered
	}
	if shapingOf(files, probed, nil) == nil {
		return nil
	}
	order.Recorded = nil
	repeated, err := r.again(ctx, order)
	if err != nil {
		return err
	}
	return shapingOf(files, probed, repeated)
}

// again renders the chart with other values.
func (r *Run) again(ctx context.Context, order renderer.Order) (map[string]string, error) {
	lookups := renderer.AnswerLookups(ctx, r.host.Session.ToRESTConfig, r.host.Cluster.Reserved())
	rendered, err := r.host.Renders.Render(ctx, r.chart.Name(), order, lookups)
	return rendered.Files, err
}

// shapingOf returns what in the files is more than a text that depends on the values; nil if nothing is. Without
// repeated files, texts that depend on nothing count, too.
func shapingOf(files map[string]string, probed [2]map[string]string, repeated map[string]string) error {
	for _, name := range manifest.SortedKeys(files) {
		if strings.HasSuffix(name, manifest.NotesFile) {
			continue
		}
		real, once, twice := objectsIn(files[name]), objectsIn(probed[0][name]), objectsIn(probed[1][name])
		again := real
		if repeated != nil {
			again = objectsIn(repeated[name])
		}
		if path, found := shaping(real, once, twice, again, ""); found {
			return problem.New(problem.OutputShapesObjects,
				"a value that another release publishes would change objects of chart template %s, and not only a text in them (at %s)", name, path).
				With("template", name).With("path", path)
		}
	}
	return nil
}

// objectsIn parses the documents of a template's output; what is not an object stays text.
func objectsIn(text string) []any {
	objects := []any{}
	for _, document := range yamltext.Split(text) {
		object, err := manifest.ParseObject(document)
		switch {
		case err != nil:
			objects = append(objects, document)
		case object != nil:
			objects = append(objects, object)
		}
	}
	return objects
}

// shaping returns where a value is neither the same with other texts nor a text that changes with them.
func shaping(real, once, twice, again any, path string) (where string, found bool) {
	switch value := real.(type) {
	case map[string]any:
		first, isMap := once.(map[string]any)
		if !isMap || !slices.Equal(manifest.SortedKeys(value), manifest.SortedKeys(first)) {
			return place(path), true
		}
		second, _ := twice.(map[string]any)
		other, _ := again.(map[string]any)
		for _, key := range manifest.SortedKeys(value) {
			if where, found := shaping(value[key], first[key], second[key], other[key], path+"/"+key); found {
				return where, true
			}
		}
		return "", false
	case []any:
		first, isList := once.([]any)
		if !isList || len(first) != len(value) {
			return place(path), true
		}
		second, _ := twice.([]any)
		other, _ := again.([]any)
		for index := range value {
			if where, found := shaping(value[index], first[index], at(second, index), at(other, index), path+"/"+strconv.Itoa(index)); found {
				return where, true
			}
		}
		return "", false
	default:
		if reflect.DeepEqual(real, once) {
			return "", false
		}
		changes := !reflect.DeepEqual(once, twice) || !reflect.DeepEqual(real, again)
		return place(path), !changes || !isText(real) || !isText(once)
	}
}

func at(list []any, index int) any {
	if index >= len(list) {
		return nil
	}
	return list[index]
}

// isText tells whether a value is a text; numbers have a type of their own.
func isText(value any) bool {
	_, isString := value.(string)
	return isString
}

func place(path string) string {
	if path == "" {
		return "the number of objects"
	}
	return fmt.Sprintf("%.256s", path)
}
