package cluster

import (
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
)

// ForetellKept warns of objects of a revision that an upgrade to a manifest would leave in place.
func (c *Client) ForetellKept(recorded *release.Release, text string) error {
	dropped := map[problem.ObjectRef]bool{}
	for _, document := range manifest.DocumentsOf(recorded.Manifest, recorded.Namespace, c.host.Cluster.Scopes(c.host.Context, nil)) {
		dropped[document.Ref()] = true
	}
	for _, document := range manifest.DocumentsOf(text, recorded.Namespace, c.host.Cluster.Scopes(c.host.Context, nil)) {
		delete(dropped, document.Ref())
	}
	list, err := c.listOf(InOrder(dropped))
	if err != nil {
		return err
	}
	for _, info := range list {
		if _, kept, err := c.Judge(info); err == nil && kept != "" {
			c.leave(info, kept)
		}
	}
	return nil
}
