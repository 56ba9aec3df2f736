package refusal

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/problem"
)

// OfKind is KIND_UNKNOWN.
func OfKind(err error) *problem.Problem {
	var missing *meta.NoKindMatchError
	if !Find(err, &missing) {
		return nil
	}
	return problem.New(problem.KindUnknown,
		"the cluster does not know kind %s (%s), which the manifest contains: install its custom resource definition first, or use the API version that this cluster serves: %s",
		missing.GroupKind.Kind, strings.Join(apiVersionsOf(missing), ", "), err).
		With("kind", missing.GroupKind.Kind).With("group", missing.GroupKind.Group).With("versions", missing.SearchedVersions).
		Because(err)
}

// apiVersionsOf are the versions that were looked up, in the form of manifests, e.g. apps/v1beta1.
func apiVersionsOf(missing *meta.NoKindMatchError) []string {
	written := make([]string, 0, len(missing.SearchedVersions))
	for _, version := range missing.SearchedVersions {
		written = append(written, schema.GroupVersion{Group: missing.GroupKind.Group, Version: version}.String())
	}
	return written
}

// IsKindUnknown tells whether an error is about a kind that the cluster does not serve.
func IsKindUnknown(err error) bool {
	var missing *meta.NoKindMatchError
	return Find(err, &missing)
}
