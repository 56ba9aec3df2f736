package action

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"walm.io/engine/problem"
	"walm.io/engine/yamltext"
)

// crdInstallEvent is the hook event by which charts for Helm 2 ship definitions. Helm 4 does not know it and leaves
// such documents out with a line in its log.
const crdInstallEvent = "crd-install"

// crdHookApplied is the code of the warning about such a document.
const crdHookApplied = "CRD_HOOK_APPLIED"

const definitionKind = "CustomResourceDefinition"

// takeCRDHooks separates the definitions with a crd-install hook from rendered files, which it changes in place. They
// come back without their hook annotations, in the order of their files (decision 9).
func takeCRDHooks(files map[string]string) (manifestEntries, error) {
	taken := manifestEntries{}
	for _, file := range sortedKeys(files) {
		if !strings.Contains(files[file], crdInstallEvent) || strings.HasSuffix(file, notesFile) {
			continue
		}
		documents := releaseutil.SplitManifests(files[file])
		others := []string{}
		for _, key := range slices.SortedFunc(maps.Keys(documents), compareSplitKeys) {
			object, err := parseObject(documents[key])
			if err != nil || !isCRDHook(object) {
				others = append(others, documents[key])
				continue
			}
			text, err := yamltext.Marshal(withoutHookAnnotations(object))
			if err != nil {
				return nil, fmt.Errorf("reading a definition in %s: %w", file, err)
			}
			taken = append(taken, &manifestEntry{source: file, text: string(text)})
		}
		if len(others) < len(documents) {
			files[file] = strings.Join(others, "---\n")
		}
	}
	return taken, nil
}

func isCRDHook(object map[string]any) bool {
	events := strings.Split(textAt(object, "metadata", "annotations", release.HookAnnotation), ",")
	return textAt(object, "kind") == definitionKind && slices.ContainsFunc(events, func(event string) bool {
		return strings.TrimSpace(event) == crdInstallEvent
	})
}

func withoutHookAnnotations(object map[string]any) map[string]any {
	annotations := mapAt(object, "metadata", "annotations")
	for _, name := range []string{release.HookAnnotation, release.HookWeightAnnotation, release.HookDeleteAnnotation} {
		delete(annotations, name)
	}
	if len(annotations) == 0 {
		delete(mapAt(object, "metadata"), "annotations")
	}
	return object
}

// crdHooks takes the definitions out of rendered files and hands them over, in a version that the cluster serves.
func (r *rendering) crdHooks(files map[string]string) error {
	taken, err := takeCRDHooks(files)
	if err != nil || len(taken) == 0 {
		return err
	}
	if err := r.transformer.convert(taken); err != nil {
		return err
	}
	for _, entry := range taken {
		for _, object := range objectsOf(entry.text) {
			r.op.warn(Warning{
				Code:    crdHookApplied,
				Message: "definition " + nameOf(object) + " has a crd-install hook, which Helm no longer knows: it counts as one of the chart's crds/ folder",
				Object:  &problem.ObjectRef{APIVersion: textAt(object, "apiVersion"), Kind: definitionKind, Name: nameOf(object)},
			})
		}
	}
	if r.definitions == nil {
		return nil
	}
	return r.definitions(taken)
}

// convert brings documents up to versions that the cluster serves, without any other change: that is what the server
// does with recorded ones.
func (t *transformer) convert(entries manifestEntries) error {
	if t.transform == nil {
		return nil
	}
	conversion := &transformer{op: t.op, transform: &Transform{Token: t.transform.Token}}
	_, err := conversion.changes(entries, fromRecord)
	return err
}
