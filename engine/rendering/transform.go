package rendering

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
)

// Transform says that the server may change documents before they are applied.
type Transform struct {
	// Token identifies the operation to the server.
	Token string `json:"token"`
	// Always is false if the server only has to convert API versions that the cluster does not serve.
	Always bool `json:"always"`
}

// DocumentQuestion asks the server what to change.
type DocumentQuestion struct {
	Token string
	// Recorded documents come from a record, others from templates. Compared ones are not applied: Helm only compares
	// with them.
	Recorded, Compared bool

	Documents []manifest.Document
	// Served are the kinds by API version that the cluster serves or the chart defines.
	Served map[string][]string
}

// DocumentChanges is the server's answer; documents that it does not name stay byte for byte.
type DocumentChanges struct {
	Changed  []manifest.ChangedDocument `json:"changed"`
	Added    []map[string]any           `json:"added"`
	Warnings []problem.Warning          `json:"warnings"`
	// ReleaseConfig replaces the one of the operation, whose content may depend on what the chart renders to.
	ReleaseConfig map[string]any `json:"releaseConfig,omitempty"`
}

// ChangeDocuments asks the server. It returns when the context ends, even if the server does not answer.
type ChangeDocuments func(ctx context.Context, question DocumentQuestion) (*DocumentChanges, error)

// AddedTemplate is the path of documents that the server adds.
const AddedTemplate = "templates/walm-added.yaml"

// transformer sends documents to the server and applies its changes.
type transformer struct {
	host      *Host
	transform *Transform
	// defined are kinds of the chart's own definitions: they count as served.
	defined map[string][]string
	// releaseConfig is the server's replacement; nil if there is none.
	releaseConfig map[string]any
}

// Transformer sends documents of the operation to the server; without a transform it changes nothing.
func (h *Host) Transformer(transform *Transform) *transformer {
	return &transformer{host: h, transform: transform}
}

// documentsOrigin says where documents come from and what they are used for.
type documentsOrigin int

const (
	fromTemplates documentsOrigin = iota
	FromRecord
	// toCompare are from a record, too.
	toCompare
)

// Changes asks the server if necessary; nil if it is not.
func (t *transformer) Changes(entries manifest.Entries, origin documentsOrigin) (*DocumentChanges, error) {
	if t.transform == nil {
		return nil, nil
	}
	served, err := t.served()
	if err != nil {
		return nil, err
	}
	documents := entries.Documents(t.host.Namespace, t.host.Cluster.Scopes(t.host.Context, nil))
	if !t.transform.Always && !slices.ContainsFunc(documents, func(document manifest.Document) bool { return !serves(served, document) }) {
		return nil, nil
	}
	if t.host.ChangeDocuments == nil {
		return nil, errors.New("the server cannot be asked for changes of documents")
	}
	t.host.Report(progress.Step{Phase: progress.PhaseRender, Message: "changing documents"})
	changes, err := t.host.ChangeDocuments(t.host.Context, DocumentQuestion{
		Token: t.transform.Token, Recorded: origin != fromTemplates, Compared: origin == toCompare, Documents: documents, Served: served,
	})
	if err != nil {
		return nil, err
	}
	t.host.Warn(changes.Warnings...)
	t.releaseConfig = changes.ReleaseConfig
	return changes, entries.Apply(changes.Changed)
}

func serves(served map[string][]string, document manifest.Document) bool {
	return slices.Contains(served[document.APIVersion], document.Kind)
}

// served returns the kinds of the cluster and of the chart.
func (t *transformer) served() (map[string][]string, error) {
	served, err := t.host.Cluster.Served(t.host.Context)
	if err != nil || len(t.defined) == 0 {
		return served, err
	}
	both := map[string][]string{}
	for version, kinds := range served {
		both[version] = kinds
	}
	for version, kinds := range t.defined {
		both[version] = append(slices.Clone(both[version]), kinds...)
	}
	return both, nil
}

// files changes rendered files in place.
func (t *transformer) files(files map[string]string, chart string) error {
	if t.transform == nil {
		return nil
	}
	if !t.transform.Always {
		served, err := t.served()
		if err != nil || manifest.AllServed(files, served) {
			return err
		}
	}
	entries, byFile := manifest.EntriesOfFiles(files)
	changes, err := t.Changes(entries, fromTemplates)
	if err != nil || changes == nil {
		return err
	}
	for file, content := range byFile {
		if slices.ContainsFunc(content, func(entry *manifest.Entry) bool { return entry.Changed }) {
			files[file] = content.Joined()
		}
	}
	added, err := manifest.EntriesOfObjects(changes.Added, path.Join(chart, AddedTemplate))
	if err != nil || len(added) == 0 {
		return err
	}
	name := path.Join(chart, AddedTemplate)
	text := added.Joined()
	if existing := files[name]; strings.TrimSpace(existing) != "" {
		text = existing + "\n---\n" + text
	}
	files[name] = text
	return nil
}
