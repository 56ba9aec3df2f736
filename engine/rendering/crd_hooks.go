package rendering

import (
	"fmt"
	"slices"
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/yamltext"
)

// crdInstallEvent is the hook event with which charts for Helm 2 ship definitions. Helm 4 does not know it and drops
// such documents with a log line.
const crdInstallEvent = "crd-install"

// crdHookApplied is the code of the warning about such a document.
const crdHookApplied = "CRD_HOOK_APPLIED"

// takeCRDHooks separates the definitions with a crd-install hook from rendered files, which it changes in place. They
// are returned without their hook annotations, in the order of their files (decision 9: CRDs of a chart).
func takeCRDHooks(files map[string]string) (manifest.Entries, error) {
	taken := manifest.Entries{}
	for _, file := range manifest.SortedKeys(files) {
		if !strings.Contains(files[file], crdInstallEvent) || strings.HasSuffix(file, manifest.NotesFile) {
			continue
		}
		documents := yamltext.Split(files[file])
		others := []string{}
		for _, document := range documents {
			object, err := manifest.ParseObject(document)
			if err != nil || !isCRDHook(object) {
				others = append(others, document)
				continue
			}
			text, err := yamltext.Marshal(withoutHookAnnotations(object))
			if err != nil {
				return nil, fmt.Errorf("reading a definition in %s: %w", file, err)
			}
			taken = append(taken, &manifest.Entry{Source: file, Text: string(text)})
		}
		if len(others) < len(documents) {
			files[file] = strings.Join(others, "---\n")
		}
	}
	return taken, nil
}

func isCRDHook(object map[string]any) bool {
	events := strings.Split(manifest.TextAt(object, "metadata", "annotations", release.HookAnnotation), ",")
	return manifest.TextAt(object, "kind") == manifest.DefinitionKind && slices.ContainsFunc(events, func(event string) bool {
		return strings.TrimSpace(event) == crdInstallEvent
	})
}

func withoutHookAnnotations(object map[string]any) map[string]any {
	annotations := manifest.MapAt(object, "metadata", "annotations")
	for _, name := range []string{release.HookAnnotation, release.HookWeightAnnotation, release.HookDeleteAnnotation} {
		delete(annotations, name)
	}
	if len(annotations) == 0 {
		delete(manifest.MapAt(object, "metadata"), "annotations")
	}
	return object
}

// crdHooks takes the definitions out of rendered files and passes them on, in a version that the cluster serves.
func (r *Run) crdHooks(files map[string]string) error {
	taken, err := takeCRDHooks(files)
	if err != nil || len(taken) == 0 {
		return err
	}
	if err := r.transformer.Convert(taken); err != nil {
		return err
	}
	for _, entry := range taken {
		for _, object := range manifest.ObjectsOf(entry.Text) {
			r.host.Warn(problem.Warning{
				Code:    crdHookApplied,
				Message: "definition " + manifest.NameOf(object) + " has a crd-install hook, which Helm no longer knows: it counts as one of the chart's crds/ folder",
				Object:  &problem.ObjectRef{APIVersion: manifest.TextAt(object, "apiVersion"), Kind: manifest.DefinitionKind, Name: manifest.NameOf(object)},
			})
		}
	}
	if r.Definitions == nil {
		return nil
	}
	return r.Definitions(taken)
}

// Convert converts documents to versions that the cluster serves, without any other change, like the server does with
// recorded ones.
func (t *transformer) Convert(entries manifest.Entries) error {
	if t.transform == nil {
		return nil
	}
	conversion := &transformer{host: t.host, transform: &Transform{Token: t.transform.Token}}
	_, err := conversion.Changes(entries, FromRecord)
	return err
}
