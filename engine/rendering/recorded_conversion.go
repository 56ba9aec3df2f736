package rendering

import (
	"helm.sh/helm/v4/pkg/kube"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
)

// BuildRecorded is Build for recorded documents with unknown kinds: the server converts what it can, the rest is left
// out with a warning, because objects of a kind that is not served cannot be accessed.
func (t *transformer) BuildRecorded(text string, build func(string) (kube.ResourceList, error)) (kube.ResourceList, error) {
	entries := manifest.EntriesOfManifest(text)
	if _, err := t.Changes(entries, toCompare); err != nil {
		return nil, err
	}
	served, err := t.served()
	if err != nil {
		return nil, err
	}
	known := manifest.Entries{}
	for _, entry := range entries {
		missing := manifest.Document{}
		for _, document := range (manifest.Entries{{Source: entry.Source, Text: entry.Text}}).Documents(t.host.Namespace, t.host.Cluster.Scopes(t.host.Context, nil)) {
			if !serves(served, document) {
				missing = document
			}
		}
		if missing.Kind == "" {
			known = append(known, entry)
			continue
		}
		object := missing.Ref()
		t.host.Warn(problem.Warning{
			Code: string(problem.KindUnknown), Object: &object,
			Message: "the cluster no longer serves " + missing.APIVersion + " " + missing.Kind + ", which an earlier revision recorded: the object is left alone",
		})
	}
	return build(known.Manifest())
}
