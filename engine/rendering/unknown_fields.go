package rendering

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/client"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/yamltext"
)

// Codes of warnings about fields.
const (
	fieldRemoved    = "FIELD_REMOVED"
	volumeConverted = "VOLUME_CONVERTED"
)

// tosDisk is a kind of volume on the original's platform: a disk with the lifetime of its pod.
const tosDisk = "tosDisk"

// WithoutUnknownFields changes rendered files in place: fields that the cluster's kinds lack are removed, because the
// cluster would refuse the whole object because of them; disks of the original's platform become generic ephemeral
// volumes. Each is a warning. Documents without such fields keep their bytes (decision 38: withdrawn API versions).
func (h *Host) WithoutUnknownFields(files map[string]string) error {
	for _, file := range manifest.SortedKeys(files) {
		if strings.HasSuffix(file, manifest.NotesFile) {
			continue
		}
		kept, changed, err := h.withoutUnknown(files[file])
		if err != nil {
			return fmt.Errorf("looking for unknown fields in %s: %w", file, err)
		}
		if changed {
			files[file] = kept
		}
	}
	return nil
}

func (h *Host) withoutUnknown(content string) (kept string, changed bool, err error) {
	texts := []string{}
	for _, document := range yamltext.Split(content) {
		text, touched, err := h.knownPart(document)
		if err != nil {
			return "", false, err
		}
		changed = changed || touched
		texts = append(texts, text)
	}
	return strings.Join(texts, "---\n"), changed, nil
}

// knownPart returns one YAML document without unknown fields, and whether it had any. Anything that is not an object
// stays.
func (h *Host) knownPart(text string) (kept string, touched bool, err error) {
	object, err := manifest.ParseObject(text)
	if err != nil || object == nil {
		return text, false, nil
	}
	if touched, err = h.removeUnknown(object); err != nil || !touched {
		return text, false, err
	}
	written, err := yamltext.Marshal(object)
	return string(written), true, err
}

// KnownParts does the same to recorded documents.
func (h *Host) KnownParts(entries manifest.Entries) error {
	for _, entry := range entries {
		kept, touched, err := h.knownPart(entry.Text)
		if err != nil {
			return fmt.Errorf("looking for unknown fields in %s: %w", entry.Source, err)
		}
		if touched {
			entry.Text, entry.Changed = kept, true
		}
	}
	return nil
}

// removeUnknown changes an object, or the objects of a list, and tells whether any unknown field was removed. Kinds of
// custom definitions keep all their fields: the cluster refuses unknown ones. Error: CRD_OUTDATED.
func (h *Host) removeUnknown(object map[string]any) (touched bool, err error) {
	if manifest.IsList(object) {
		for _, item := range object["items"].([]any) {
			below, isObject := item.(map[string]any)
			if !isObject {
				continue
			}
			removed, err := h.removeUnknown(below)
			if err != nil {
				return touched, err
			}
			touched = touched || removed
		}
		return touched, nil
	}
	kind := schema.FromAPIVersionAndKind(manifest.TextAt(object, "apiVersion"), manifest.TextAt(object, "kind"))
	unknown, err := h.Cluster.UnknownFields(h.Context, kind, object)
	if err != nil {
		// Helm and the cluster judge the object.
		h.Log.Debug("unknown fields could not be looked for", "kind", kind.String(), "error", err)
		return false, nil
	}
	if len(unknown) > 0 && !client.IsBuiltIn(kind) {
		return false, h.checkDefinition(kind, object, unknown)
	}
	for _, field := range unknown {
		h.Warn(h.removeField(object, field))
	}
	return len(unknown) > 0, nil
}

func (h *Host) removeField(object map[string]any, field client.UnknownField) problem.Warning {
	removed := field.Parent[field.Name]
	delete(field.Parent, field.Name)
	version, kind := manifest.TextAt(object, "apiVersion"), manifest.TextAt(object, "kind")
	reference := h.ReferenceTo(object)
	warning := problem.Warning{Object: &reference, Path: field.Path}
	disk, isDisk := removed.(map[string]any)
	if field.Name == tosDisk && isDisk && len(field.Parent) == 1 && field.Parent["name"] != nil {
		field.Parent["ephemeral"] = ephemeralVolume(disk)
		warning.Code = volumeConverted
		warning.Message = fmt.Sprintf("%s %s: Kubernetes has no %s volumes; %v became a generic ephemeral volume", kind, reference.Name, tosDisk, field.Parent["name"])
		return warning
	}
	warning.Code = fieldRemoved
	warning.Message = fmt.Sprintf("%s %s: %s has no field %s; it was removed", kind, reference.Name, version, field.Path)
	return warning
}

// ReferenceTo returns the reference of an object of the release, with the namespace that it gets.
func (h *Host) ReferenceTo(object map[string]any) problem.ObjectRef {
	return manifest.NewDocument(0, "", map[string]any{
		"apiVersion": manifest.TextAt(object, "apiVersion"), "kind": manifest.TextAt(object, "kind"),
		"metadata": map[string]any{"name": manifest.NameOf(object), "namespace": manifest.TextAt(object, "metadata", "namespace")},
	}, h.Namespace, h.Cluster.Scopes(h.Context, nil)).Ref()
}

// ephemeralVolume is a claim with the lifetime of its pod, of the same class and size.
func ephemeralVolume(disk map[string]any) map[string]any {
	mode := manifest.TextAt(disk, "accessMode")
	if mode == "" {
		mode = "ReadWriteOnce"
	}
	spec := map[string]any{"accessModes": []any{mode}}
	if class := manifest.TextAt(disk, "storageType"); class != "" {
		spec["storageClassName"] = class
	}
	if size := disk["capability"]; size != nil {
		spec["resources"] = map[string]any{"requests": map[string]any{"storage": size}}
	}
	return map[string]any{"volumeClaimTemplate": map[string]any{"spec": spec}}
}
