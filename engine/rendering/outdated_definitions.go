package rendering

import (
	"fmt"
	"strings"
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
	// names are those of the definitions.
	names map[string]bool
}

// KnowKinds also looks up fields in the chart's own definitions that the cluster does not have.
func (h *Host) KnowKinds(loaded *helmchart.Chart, mode string) {
	h.kinds = func() chartKinds {
		found := chartKinds{chart: loaded.Name(), mode: mode, kinds: map[schema.GroupVersionKind]*client.FieldSchemas{}, names: map[string]bool{}}
		for _, definition := range loaded.CRDObjects() {
			for _, object := range manifest.ObjectsOfAll(string(definition.File.Data)) {
				found.names[manifest.NameOf(object)] = true
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

// bringDefinitions is what helps where the definitions of the chart are newer than those of the cluster, or not there.
const bringDefinitions = "send crds=apply to bring the chart's definitions into the cluster"

// undeclared is how the cluster says of an object that its kind has no such field.
const undeclared = "field not declared in schema"

// OfChartsObject says of fields that the cluster does not know, and the chart's own definition does, what they are:
// CRD_OUTDATED. The cluster publishes the fields of a definition a moment after it judges by it, so that these may not have
// been found before.
func (h *Host) OfChartsObject(refused *problem.Problem, object map[string]any) *problem.Problem {
	if refused.Code != problem.ManifestInvalid || h.kinds == nil || !strings.Contains(refused.Message, undeclared) {
		return refused
	}
	known := h.kinds()
	kind := schema.FromAPIVersionAndKind(manifest.TextAt(object, "apiVersion"), manifest.TextAt(object, "kind"))
	defined, ok := known.kinds[kind]
	if !ok || len(defined.UnknownFields(kind.Kind, object)) > 0 {
		return refused
	}
	outdated := *refused
	outdated.Code = problem.CRDOutdated
	outdated.Message = fmt.Sprintf("%s %s has fields which the cluster's definition of the kind does not know and the one in the chart %s does: %s: %s",
		kind.Kind, manifest.NameOf(object), known.chart, bringDefinitions, refused.Message)
	return &outdated
}

// OfTwofoldDefinition says of a definition that the chart has in crds/ and in its templates why it is in its own way.
func (h *Host) OfTwofoldDefinition(refused *problem.Problem) *problem.Problem {
	if refused.Code != problem.ResourceExists || h.kinds == nil || refused.Object == nil || refused.Object.Kind != manifest.DefinitionKind {
		return refused
	}
	known := h.kinds()
	if !known.names[refused.Object.Name] {
		return refused
	}
	twofold := *refused
	twofold.Message = fmt.Sprintf(
		"chart %s has the definition %s in crds/ and in its templates: those in crds/ are brought into the cluster first and belong to no release, and a release takes over nothing that is not its own: take it out of one of them",
		known.chart, refused.Object.Name)
	return &twofold
}

// OfChartsKind says of a kind that the cluster does not serve, and the chart itself defines, what helps: CRD_OUTDATED where
// the cluster has other versions of it.
func (h *Host) OfChartsKind(refused *problem.Problem) *problem.Problem {
	if refused.Code != problem.KindUnknown || h.kinds == nil {
		return refused
	}
	group, _ := refused.Details["group"].(string)
	kind, _ := refused.Details["kind"].(string)
	versions, _ := refused.Details["versions"].([]string)
	known := h.kinds()
	for _, version := range versions {
		if _, defined := known.kinds[schema.GroupVersionKind{Group: group, Version: version, Kind: kind}]; !defined {
			continue
		}
		if _, served := h.Cluster.Namespaced(h.Context, schema.GroupKind{Group: group, Kind: kind}); served {
			outdated := *refused
			outdated.Code = problem.CRDOutdated
			outdated.Message = fmt.Sprintf("the cluster's definition of kind %s has no version %s/%s, which the one in chart %s has: %s",
				kind, group, version, known.chart, bringDefinitions)
			return &outdated
		}
		hinted := *refused
		hinted.Message = fmt.Sprintf("the cluster does not know kind %s (%s/%s), which chart %s defines in crds/: %s",
			kind, group, version, known.chart, bringDefinitions)
		return &hinted
	}
	return refused
}

func (h *Host) outdated(known chartKinds, object map[string]any, field client.UnknownField) error {
	reference := h.ReferenceTo(object)
	message := fmt.Sprintf(
		"%s %s has the field %s, which the cluster's definition of the kind does not know and the one in the chart %s does: %s",
		reference.Kind, reference.Name, field.Path, known.chart, bringDefinitions)
	if known.mode == "" {
		h.Warn(problem.Warning{Code: string(problem.CRDOutdated), Message: message, Object: &reference, Path: field.Path})
		return nil
	}
	found := problem.New(problem.CRDOutdated, "%s", message).About(reference)
	found.Field = field.Path
	return found
}
