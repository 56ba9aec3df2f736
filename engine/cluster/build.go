package cluster

import (
	"fmt"
	"io"

	"helm.sh/helm/v4/pkg/kube"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
)

// fieldIgnored is the code of the warning about a field that is left out of what is sent.
const fieldIgnored = "FIELD_REMOVED"

// givenByCluster are fields of the metadata that only the cluster sets. In a document, copied from a live object, they
// would be conditions of the first write that no later one meets.
var givenByCluster = []string{"creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"}

// built parses a manifest into objects, without what only the cluster sets. What is validated is rendered: a field that
// said something is a warning there.
func (c *Client) built(reader io.Reader, validate bool) (kube.ResourceList, error) {
	list, err := c.Client.Build(reader, validate)
	for _, info := range list {
		metadata, ok := contentOf(info)["metadata"].(map[string]any)
		if !ok {
			continue
		}
		// It is the condition of reads too.
		info.ResourceVersion = ""
		for _, field := range givenByCluster {
			said, found := metadata[field]
			delete(metadata, field)
			if found && validate && !isEmpty(said) {
				object := RefOf(info)
				c.warnOnce(problem.Warning{
					Code: fieldIgnored, Object: &object, Path: "/metadata/" + field,
					Message: fmt.Sprintf("%s %s: only the cluster sets metadata.%s; it was left out", object.Kind, object.Name, field),
				})
			}
		}
	}
	return list, err
}

// warnOnce warns of each field of an object once, however often a manifest is built.
func (c *Client) warnOnce(warning problem.Warning) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	about := warning.Message + warning.Object.Namespace
	if c.warned[about] {
		return
	}
	if c.warned == nil {
		c.warned = map[string]bool{}
	}
	c.warned[about] = true
	c.host.Warn(warning)
}

// WithoutGiven returns a document without what only the cluster sets. The document is not changed.
func WithoutGiven(document map[string]any) map[string]any {
	metadata, ok := document["metadata"].(map[string]any)
	if !ok {
		return document
	}
	document, metadata = manifest.CopyMap(document), manifest.CopyMap(metadata)
	for _, field := range givenByCluster {
		delete(metadata, field)
	}
	document["metadata"] = metadata
	return document
}
