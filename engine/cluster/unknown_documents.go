package cluster

import (
	"slices"

	"walm.io/engine/manifest"
	"walm.io/engine/yamltext"
)

// withoutUnknownKinds splits off the documents of kinds that the cluster does not serve, or not in their version.
func (c *Client) withoutUnknownKinds(text string) (known string, unknown []manifest.Document) {
	kinds, err := c.host.Cluster.Served(c.host.Context)
	if err != nil {
		return text, nil
	}
	for _, one := range yamltext.Split(text) {
		documents := manifest.DocumentsOf(one, c.host.Owner.Namespace, c.host.Cluster.Scopes(c.host.Context, nil))
		missing := slices.DeleteFunc(slices.Clone(documents), func(document manifest.Document) bool {
			return slices.Contains(kinds[document.APIVersion], document.Kind)
		})
		if len(missing) == 0 {
			known += "---\n" + one + "\n"
		}
		unknown = append(unknown, missing...)
	}
	return known, unknown
}
