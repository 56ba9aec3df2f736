package action

import (
	"bytes"

	"helm.sh/helm/v4/pkg/kube"

	"walm.io/engine/problem"
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
func (r *recordedConversion) build(manifest string, build func(string) (kube.ResourceList, error)) (kube.ResourceList, error) {
	entries := entriesOfManifest(manifest)
	if _, err := r.changes(entries, toCompare); err != nil {
		return nil, err
	}
	served, err := r.served()
	if err != nil {
		return nil, err
	}
	known := manifestEntries{}
	for _, entry := range entries {
		missing := Document{}
		for _, document := range (manifestEntries{{source: entry.source, text: entry.text}}).documents(r.op.target.Namespace, r.op.scopesOf(r.op.ctx, nil)) {
			if !serves(served, document) {
				missing = document
			}
		}
		if missing.Kind == "" {
			known = append(known, entry)
			continue
		}
		object := missing.ref()
		r.op.warn(Warning{
			Code: string(problem.KindUnknown), Object: &object,
			Message: "the cluster no longer serves " + missing.APIVersion + " " + missing.Kind + ", which an earlier revision recorded: the object is left alone",
		})
	}
	return build(known.manifest())
}

// recordedBuild converts and builds again after an error about an unknown kind.
func (c *kubeClient) recordedBuild(manifest []byte, validate bool) (kube.ResourceList, error) {
	return c.recorded.build(string(manifest), func(converted string) (kube.ResourceList, error) {
		return c.Client.Build(bytes.NewBufferString(converted), validate)
	})
}

// converts tells whether what is built can be a record that has to be converted after `err`.
func (c *kubeClient) converts(validate bool, err error) bool {
	return c.recorded != nil && (c.recorded.everything || !validate) && isKindUnknown(err)
}
