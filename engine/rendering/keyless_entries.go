package rendering

import (
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/client"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
)

// CheckKeys refuses documents with a list whose entries the cluster tells apart by a field that one of them lacks, such as
// a container without name: neither the cluster nor a later change could say which entry it is. Of a kind that the chart
// itself defines the cluster's description may be about to change, and it judges the object. Error: MANIFEST_INVALID.
func (h *Host) CheckKeys(documents []manifest.Document) error {
	ofChart := map[string]bool{}
	if h.kinds != nil {
		for kind := range h.kinds().kinds {
			ofChart[kind.GroupKind().String()] = true
		}
	}
	for _, document := range documents {
		kind := schema.FromAPIVersionAndKind(document.APIVersion, document.Kind)
		if ofChart[kind.GroupKind().String()] {
			continue
		}
		keyless, err := h.Cluster.KeylessEntries(h.Context, kind, document.Object)
		if err != nil {
			// Helm and the cluster judge the object.
			h.Log.Debug("the keys of lists could not be looked for", "kind", kind.String(), "error", err)
			continue
		}
		if len(keyless) > 0 {
			return keylessEntry(document, keyless[0])
		}
	}
	return nil
}

func keylessEntry(document manifest.Document, entry client.KeylessEntry) error {
	keys := strings.Join(entry.Keys, " and no ")
	field, lacks := entry.Path+"."+entry.Keys[0], "has no "+keys
	if !entry.IsObject {
		field, lacks = entry.Path, "has no fields, and so no "+keys
	}
	refused := problem.New(problem.ManifestInvalid,
		"%s of %s %s %s, by which the entries of this list are told apart: give it one, or leave the entry out (%s)",
		entry.Path, document.Kind, document.Name, lacks, document.Source).
		About(document.Ref()).With("file", document.Source)
	refused.Field = field
	return refused
}
