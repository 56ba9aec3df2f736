package client

import (
	"context"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// MergeKeys are the lists of a kind that a strategic merge patch merges, by path: field names, and `*` for the entries of
// lists and maps, joined by slashes. The value is the merge key, empty if the entries are plain values. All other lists
// are replaced.
type MergeKeys map[string]string

// MergeKeys reads from the cluster's OpenAPI how the lists of Kubernetes' own kinds are merged. Other kinds have none: the
// cluster does not accept strategic merge patches of them.
func (c *Cluster) MergeKeys(ctx context.Context, kinds []schema.GroupVersionKind) ([]MergeKeys, error) {
	found := make([]MergeKeys, 0, len(kinds))
	for _, kind := range kinds {
		keys := MergeKeys{}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if IsBuiltIn(kind) {
			schemas, err := c.fields.getFor(kind)
			if err != nil {
				return nil, err
			}
			if schemas != nil {
				keys = schemas.MergeKeys(kind.Kind)
			}
		}
		found = append(found, keys)
	}
	return found, nil
}

// MergeKeys are those of one kind; none if it is not described.
func (s *FieldSchemas) MergeKeys(kind string) MergeKeys {
	found := MergeKeys{}
	if described, known := s.kinds[kind]; known {
		s.collectMergeKeys(s.resolved(described), nil, nil, found)
	}
	return found
}

// collectMergeKeys walks through the schemas of the value at a path. `above` are the schemas of its parents: a schema that
// contains itself is visited once.
func (s *FieldSchemas) collectMergeKeys(described []*fieldSchema, path []string, above []*fieldSchema, found MergeKeys) {
	for _, one := range described {
		if slices.Contains(above, one) {
			return
		}
	}
	above = append(slices.Clone(above), described...)
	for _, one := range described {
		if slices.Contains(strings.Split(one.Strategy, ","), "merge") && one.Items != nil {
			found[strings.Join(path, "/")] = one.MergeKey
		}
		for name, property := range one.Properties {
			s.collectMergeKeys(s.resolved(property), append(slices.Clone(path), name), above, found)
		}
		below := s.resolved(one.Items)
		if one.Additional != nil {
			below = append(below, s.resolved(one.Additional.values)...)
		}
		if len(below) > 0 {
			s.collectMergeKeys(below, append(slices.Clone(path), "*"), above, found)
		}
	}
}
