package client

import (
	"context"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// MergeKeys are the lists of a kind that a strategic merge patch merges, by their path: the names of the fields, and `*`
// for the entries of lists and maps, with slashes between. The value is the field that tells entries apart; it is empty
// where the entries are plain values. All other lists are replaced.
type MergeKeys map[string]string

// MergeKeys finds how the cluster merges the lists of kinds that come with Kubernetes. What it does not describe has none:
// it takes no strategic merge patch of other kinds.
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

// MergeKeys are those of one kind; none where it is not described.
func (s *FieldSchemas) MergeKeys(kind string) MergeKeys {
	found := MergeKeys{}
	if described, known := s.kinds[kind]; known {
		s.collectMergeKeys(s.resolved(described), nil, nil, found)
	}
	return found
}

// collectMergeKeys looks through what holds for the value at a path. A schema that holds for a part of itself is not looked
// through again: above are the schemas of all that holds the value.
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
