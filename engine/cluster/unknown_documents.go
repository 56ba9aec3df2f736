package cluster

import (
	"maps"
	"slices"

	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"walm.io/engine/manifest"
)

// withoutUnknownKinds splits off the documents of kinds that the cluster does not serve.
func (c *Client) withoutUnknownKinds(text string) (known string, unknown []manifest.Document) {
	split := releaseutil.SplitManifests(text)
	for _, key := range slices.SortedFunc(maps.Keys(split), manifest.CompareSplitKeys) {
		documents := manifest.DocumentsOf(split[key], c.host.Owner.Namespace, c.host.Cluster.Scopes(c.host.Context, nil))
		missing := slices.DeleteFunc(slices.Clone(documents), func(document manifest.Document) bool {
			_, served := c.host.Cluster.Namespaced(c.host.Context, document.GroupKind())
			return served
		})
		if len(missing) == 0 {
			known += "---\n" + split[key] + "\n"
		}
		unknown = append(unknown, missing...)
	}
	return known, unknown
}
