package client

import (
	"context"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// liveMapper finds kinds in the shared discovery and refreshes it once before it reports a kind as unknown.
type liveMapper struct {
	ctx       context.Context
	discovery *discoveryCache
}

var _ meta.ResettableRESTMapper = (*liveMapper)(nil)

// Reset makes the next lookup refresh discovery.
func (m *liveMapper) Reset() {
	_, seen, err := m.discovery.get(m.ctx)
	if err == nil {
		_, _, _ = m.discovery.refresh(m.ctx, seen)
	}
}

// ask makes one lookup in the mapper. The error of an unknown kind keeps the type that callers check for.
func ask[T any](m *liveMapper, question func(meta.RESTMapper) (T, error)) (T, error) {
	var none T
	known, seen, err := m.discovery.get(m.ctx)
	if err != nil {
		return none, err
	}
	answer, err := question(known.mapper)
	if err == nil || !meta.IsNoMatchError(err) {
		return answer, err
	}
	known, _, refreshErr := m.discovery.refresh(m.ctx, seen)
	if refreshErr != nil {
		return none, refreshErr
	}
	return question(known.mapper)
}

// KindFor is part of meta.RESTMapper.
func (m *liveMapper) KindFor(resource schema.GroupVersionResource) (schema.GroupVersionKind, error) {
	return ask(m, func(known meta.RESTMapper) (schema.GroupVersionKind, error) { return known.KindFor(resource) })
}

// KindsFor is part of meta.RESTMapper.
func (m *liveMapper) KindsFor(resource schema.GroupVersionResource) ([]schema.GroupVersionKind, error) {
	return ask(m, func(known meta.RESTMapper) ([]schema.GroupVersionKind, error) { return known.KindsFor(resource) })
}

// ResourceFor is part of meta.RESTMapper.
func (m *liveMapper) ResourceFor(input schema.GroupVersionResource) (schema.GroupVersionResource, error) {
	return ask(m, func(known meta.RESTMapper) (schema.GroupVersionResource, error) { return known.ResourceFor(input) })
}

// ResourcesFor is part of meta.RESTMapper.
func (m *liveMapper) ResourcesFor(input schema.GroupVersionResource) ([]schema.GroupVersionResource, error) {
	return ask(m, func(known meta.RESTMapper) ([]schema.GroupVersionResource, error) { return known.ResourcesFor(input) })
}

// RESTMapping is part of meta.RESTMapper.
func (m *liveMapper) RESTMapping(kind schema.GroupKind, versions ...string) (*meta.RESTMapping, error) {
	return ask(m, func(known meta.RESTMapper) (*meta.RESTMapping, error) { return known.RESTMapping(kind, versions...) })
}

// RESTMappings is part of meta.RESTMapper.
func (m *liveMapper) RESTMappings(kind schema.GroupKind, versions ...string) ([]*meta.RESTMapping, error) {
	return ask(m, func(known meta.RESTMapper) ([]*meta.RESTMapping, error) { return known.RESTMappings(kind, versions...) })
}

// ResourceSingularizer is part of meta.RESTMapper.
func (m *liveMapper) ResourceSingularizer(resource string) (string, error) {
	return ask(m, func(known meta.RESTMapper) (string, error) { return known.ResourceSingularizer(resource) })
}
