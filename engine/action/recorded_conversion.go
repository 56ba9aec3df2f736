package action

import (
	"bytes"

	"helm.sh/helm/v4/pkg/kube"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/refusal"
)

// recordedConversion brings recorded documents up to what the cluster serves, where Helm would give up because an
// API version is gone.
type recordedConversion struct {
	*transformer
	// everything is true for operations that build nothing but records; others validate what they rendered.
	everything bool
}

// convertRecorded arranges that records are converted when they are built.
func (o *operation) convertRecorded(transform *Transform, everything bool) {
	if transform != nil {
		o.kube.recorded = &recordedConversion{transformer: &transformer{op: o, transform: transform}, everything: everything}
	}
}

// build is Build for recorded documents that contain unknown kinds: the server converts what it can, the rest is left
// out with a warning, because objects of a kind that is not served cannot be reached.
func (r *recordedConversion) build(text string, build func(string) (kube.ResourceList, error)) (kube.ResourceList, error) {
	entries := manifest.EntriesOfManifest(text)
	if _, err := r.changes(entries, toCompare); err != nil {
		return nil, err
	}
	served, err := r.served()
	if err != nil {
		return nil, err
	}
	known := manifest.Entries{}
	for _, entry := range entries {
		missing := manifest.Document{}
		for _, document := range (manifest.Entries{{Source: entry.Source, Text: entry.Text}}).Documents(r.op.target.Namespace, r.op.Cluster.Scopes(r.op.ctx, nil)) {
			if !serves(served, document) {
				missing = document
			}
		}
		if missing.Kind == "" {
			known = append(known, entry)
			continue
		}
		object := missing.Ref()
		r.op.warn(problem.Warning{
			Code: string(problem.KindUnknown), Object: &object,
			Message: "the cluster no longer serves " + missing.APIVersion + " " + missing.Kind + ", which an earlier revision recorded: the object is left alone",
		})
	}
	return build(known.Manifest())
}

// recordedBuild converts and builds again after an error about an unknown kind.
func (c *kubeClient) recordedBuild(manifest []byte, validate bool) (kube.ResourceList, error) {
	return c.recorded.build(string(manifest), func(converted string) (kube.ResourceList, error) {
		return c.Client.Build(bytes.NewBufferString(converted), validate)
	})
}

// converts tells whether what is built can be a record that has to be converted after `err`.
func (c *kubeClient) converts(validate bool, err error) bool {
	return c.recorded != nil && (c.recorded.everything || !validate) && refusal.IsKindUnknown(err)
}
