package client

import (
	"context"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Scopes tells whether a kind is namespaced: by the cluster's known kinds first, and then by definitions that are not
// installed yet (may be nil). Unknown kinds count as namespaced.
func (c *Cluster) Scopes(ctx context.Context, upcoming map[schema.GroupKind]bool) func(schema.GroupKind) bool {
	return func(kind schema.GroupKind) bool {
		if namespaced, known := c.Namespaced(ctx, kind); known {
			return namespaced
		}
		namespaced, known := upcoming[kind]
		return namespaced || !known
	}
}
