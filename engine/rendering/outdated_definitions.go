package rendering

import (
	"fmt"
	"time"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/client"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
)

// publishTime bounds the wait until the cluster describes the fields of a definition that was just applied.
const publishTime = 15 * time.Second

// chartKinds are the descriptions of kinds by the definitions in a chart's crds/ folders.
type chartKinds struct {
	chart string
	// mode is how the definitions are handled; unknown in a dry run.
	mode  string
	kinds map[schema.GroupVersionKind]*client.FieldSchemas
}

// KnowKinds also looks up fields in the chart's own definitions that the cluster does not have.
func (h *Host) KnowKinds(loaded *helmchart.Chart, mode string) {
	h.kinds = func() chartKinds {
		found := chartKinds{chart: loaded.Name(), mode: mode, kinds: map[schema.GroupVersionKind]*client.FieldSchemas{}}
		for _, definition := range loaded.CRDObjects() {
			for _, object := range manifest.ObjectsOfAll(string(definition.File.Data)) {
				for kind, fields := range client.DefinedFields(object) {
					found.kinds[kind] = fields
				}
			}
		}
		return found
	}
}

// checkDefinition refuses fields that the chart's own definition of the kind has and the cluster's lacks: without them
// the object would differ from what the chart means. Fields unknown to both are left to the cluster to refuse, like in
// Helm. Error: CRD_OUTDATED.
func (h *Host) checkDefinition(kind schema.GroupVersionKind, object map[string]any, unknown []client.UnknownField) error {
	if h.kinds == nil {
		return nil
	}
	known := h.kinds()
	defined, ok := known.kinds[kind]
	if !ok {
		return nil
	}
	for deadline := time.Now().Add(publishTime); ; {
		field, outdated := definedOnly(unknown, defined.UnknownFields(kind.Kind, object))
		if !outdated {
			return nil
		}
		if known.mode != CRDsApply || time.Now().After(deadline) {
			return h.outdated(known, object, field)
		}
		select {
		case <-h.Context.Done():
			return h.Context.Err()
		case <-time.After(100 * time.Millisecond):
		}
		var err error
		if unknown, err = h.Cluster.UnknownFields(h.Context, kind, object); err != nil {
			return err
		}
	}
}

// definedOnly returns the first field that is unknown to the cluster and known to the chart.
func definedOnly(cluster, chart []client.UnknownField) (client.UnknownField, bool) {
	unknown := map[string]bool{}
	for _, field := range chart {
		unknown[field.Path] = true
	}
	for _, field := range cluster {
		if !unknown[field.Path] {
			return field, true
		}
	}
	return client.UnknownField{}, false
}

func (h *Host) outdated(known chartKinds, object map[string]any, field client.UnknownField) error {
	reference := h.ReferenceTo(object)
	message := fmt.Sprintf(
		"%s %s has the field %s, which the cluster's definition of the kind does not know and the one in the chart %s does: send crds=apply to bring the chart's definitions into the cluster",
		reference.Kind, reference.Name, field.Path, known.chart)
	if known.mode == "" {
		h.Warn(problem.Warning{Code: string(problem.CRDOutdated), Message: message, Object: &reference, Path: field.Path})
		return nil
	}
	found := problem.New(problem.CRDOutdated, "%s", message).About(reference)
	found.Field = field.Path
	return found
}
