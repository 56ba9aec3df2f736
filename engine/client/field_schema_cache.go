package client

import (
	"context"
	"fmt"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/openapi"
)

// fieldSchemaCache caches the field descriptions of the cluster's kinds, by API version.
type fieldSchemaCache struct {
	client func() openapi.Client

	mutex   sync.Mutex
	entries map[schema.GroupVersion]*fieldSchemaEntry
}

// fieldSchemaEntry is one API version. Its schemas are nil if the cluster does not describe it.
type fieldSchemaEntry struct {
	mutex   sync.Mutex
	read    bool
	asked   time.Time
	address string
	schemas *FieldSchemas
}

func newFieldSchemaCache(client func() openapi.Client) *fieldSchemaCache {
	return &fieldSchemaCache{client: client, entries: map[schema.GroupVersion]*fieldSchemaEntry{}}
}

func (c *fieldSchemaCache) entry(version schema.GroupVersion) *fieldSchemaEntry {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	entry, known := c.entries[version]
	if !known {
		entry = &fieldSchemaEntry{}
		c.entries[version] = entry
	}
	return entry
}

// get returns the schemas of an API version, nil if there are none. With `fresh` it checks whether they have changed,
// by the address of the document.
func (c *fieldSchemaCache) get(version schema.GroupVersion, fresh bool) (*FieldSchemas, error) {
	entry := c.entry(version)
	entry.mutex.Lock()
	defer entry.mutex.Unlock()
	if entry.read && !fresh {
		return entry.schemas, nil
	}
	entry.asked = time.Now()
	paths, err := c.client().Paths()
	if err != nil {
		return nil, fmt.Errorf("reading which API versions the cluster describes: %w", err)
	}
	path := "apis/" + version.String()
	if version.Group == "" {
		path = "api/" + version.Version
	}
	described, found := paths[path]
	if !found {
		entry.read, entry.address, entry.schemas = true, "", nil
		return nil, nil
	}
	address := described.ServerRelativeURL()
	if entry.read && entry.address == address {
		return entry.schemas, nil
	}
	document, err := described.Schema(runtime.ContentTypeJSON)
	if err != nil {
		return nil, fmt.Errorf("reading the fields of %s: %w", version, err)
	}
	schemas, err := parseFieldSchemas(document, version)
	if err != nil {
		return nil, fmt.Errorf("reading the fields of %s: %w", version, err)
	}
	entry.read, entry.address, entry.schemas = true, address, schemas
	return schemas, nil
}

// getFor is get for one kind. The cluster describes a kind a moment after it serves it, so a missing description is
// requested again, a little later.
func (c *fieldSchemaCache) getFor(kind schema.GroupVersionKind) (*FieldSchemas, error) {
	schemas, err := c.get(kind.GroupVersion(), false)
	if err != nil || IsBuiltIn(kind) || (schemas != nil && schemas.kinds[kind.Kind] != nil) {
		return schemas, err
	}
	entry := c.entry(kind.GroupVersion())
	entry.mutex.Lock()
	due := time.Since(entry.asked) > askAgainAfter
	entry.mutex.Unlock()
	if !due {
		return schemas, nil
	}
	return c.get(kind.GroupVersion(), true)
}

// askAgainAfter is how long a missing description is assumed to stay missing.
const askAgainAfter = time.Second

// forget clears the cache, because the cluster serves other kinds now.
func (c *fieldSchemaCache) forget() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	clear(c.entries)
}

// UnknownFields finds the fields of an object that the cluster's kind does not have. Kinds without a description have
// all fields. Before a field counts as unknown, the cluster is asked whether the kind has changed.
func (c *Cluster) UnknownFields(ctx context.Context, kind schema.GroupVersionKind, object map[string]any) ([]UnknownField, error) {
	return judgedByFields(ctx, c.fields, kind, func(schemas *FieldSchemas) []UnknownField {
		return schemas.UnknownFields(kind.Kind, object)
	})
}

// KeylessEntries finds the entries of an object's lists that lack what tells them apart, as FieldSchemas.KeylessEntries.
// Kinds without a description have none. Before an entry counts, the cluster is asked whether the kind has changed.
func (c *Cluster) KeylessEntries(ctx context.Context, kind schema.GroupVersionKind, object map[string]any) ([]KeylessEntry, error) {
	return judgedByFields(ctx, c.fields, kind, func(schemas *FieldSchemas) []KeylessEntry {
		return schemas.KeylessEntries(kind, object)
	})
}

// judgedByFields is what is wrong with an object by the fields of its kind, by fresh ones if anything is.
func judgedByFields[T any](ctx context.Context, fields *fieldSchemaCache, kind schema.GroupVersionKind, judge func(*FieldSchemas) []T) ([]T, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	schemas, err := fields.getFor(kind)
	if err != nil || schemas == nil {
		return nil, err
	}
	if len(judge(schemas)) == 0 {
		return nil, nil
	}
	if schemas, err = fields.get(kind.GroupVersion(), true); err != nil || schemas == nil {
		return nil, err
	}
	return judge(schemas), nil
}
