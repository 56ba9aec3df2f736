package manifest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"sigs.k8s.io/yaml"

	"walm.io/engine/yamltext"
)

const (
	// ReleaseConfigTemplate is the path of Walm's own object in the manifest. Its kind is not in Helm's install order,
	// so it comes after all that are.
	ReleaseConfigTemplate = "templates/walm-release-config.yaml"

	ReleaseConfigKind    = "ReleaseConfig"
	ReleaseConfigVersion = "apiextensions.transwarp.io/v1beta1"
)

// AddReleaseConfig puts Walm's ReleaseConfig into the rendered files. Charts written for the original Walm ship a
// ReleaseConfig themselves: one with the release's name is merged (its outputConfig takes precedence, its labels are
// added if absent and not removed by the user), one with another name is dropped, like by the original's
// ValidateReleaseConfig plugin. All other documents keep their bytes. `hide` masks the secrets in its spec; large values
// that equal `values`, the recorded ones, are left out (WithoutRecorded). The given ReleaseConfig is not changed.
func AddReleaseConfig(
	files map[string]string, name string, releaseConfig, values map[string]any, hide HideSecrets,
) error {
	merged, outputs := releaseConfig, false
	for _, file := range SortedKeys(files) {
		kept, shipped, err := takeReleaseConfigs(files[file])
		if err != nil {
			return fmt.Errorf("reading the documents of %s: %w", file, err)
		}
		if len(shipped) == 0 {
			continue
		}
		files[file] = kept
		for _, object := range shipped {
			if NameOf(object) == NameOf(releaseConfig) {
				merged = mergeReleaseConfig(merged, object)
				_, ships := MapAt(object, "spec")["outputConfig"]
				outputs = outputs || ships
			}
		}
	}
	spec := CopyMap(MapAt(merged, "spec"))
	if err := hide(spec, outputs); err != nil {
		return err
	}
	merged = CopyMap(merged)
	merged["spec"] = spec
	text, err := yamltext.Marshal(WithoutRecorded(merged, values))
	if err != nil {
		return fmt.Errorf("writing the ReleaseConfig: %w", err)
	}
	if existing := files[name]; strings.TrimSpace(existing) != "" {
		text = append([]byte(existing+"\n---\n"), text...)
	}
	files[name] = string(text)
	return nil
}

// takeReleaseConfigs separates the ReleaseConfigs of a file from its other documents. A file without any is returned
// unchanged.
func takeReleaseConfigs(content string) (kept string, taken []map[string]any, err error) {
	if !strings.Contains(content, ReleaseConfigKind) {
		return content, nil, nil
	}
	others := []string{}
	for _, document := range yamltext.Split(content) {
		other, found, err := takeFromDocument(document)
		if err != nil {
			return "", nil, err
		}
		if other != "" {
			others = append(others, other)
		}
		taken = append(taken, found...)
	}
	if len(taken) == 0 {
		return content, nil, nil
	}
	return strings.Join(others, "---\n"), taken, nil
}

// takeFromDocument separates the ReleaseConfigs of one document, which may be a list. A document without any is
// returned unchanged, an empty rest as "".
func takeFromDocument(text string) (other string, taken []map[string]any, err error) {
	var head releaseutil.SimpleHead
	if yaml.Unmarshal([]byte(text), &head) != nil {
		return text, nil, nil
	}
	if isReleaseConfig(&head) {
		var object map[string]any
		err := yaml.Unmarshal([]byte(text), &object)
		return "", []map[string]any{object}, err
	}
	list, err := ParseObject(text)
	if err != nil || list == nil || !IsList(list) {
		return text, nil, nil
	}
	kept := []any{}
	for _, item := range list["items"].([]any) {
		object, _ := item.(map[string]any)
		object = withKindOf(list, object)
		if TextAt(object, "kind") == ReleaseConfigKind && TextAt(object, "apiVersion") == ReleaseConfigVersion {
			taken = append(taken, object)
		} else {
			kept = append(kept, item)
		}
	}
	if len(taken) == 0 {
		return text, nil, nil
	}
	if len(kept) == 0 {
		return "", taken, nil
	}
	list["items"] = kept
	rest, err := yamltext.Marshal(list)
	return string(rest), taken, err
}

// mergeReleaseConfig returns Walm's with what the chart's adds; neither is changed.
func mergeReleaseConfig(ours, shipped map[string]any) map[string]any {
	merged := CopyMap(ours)
	if outputs, ok := MapAt(shipped, "spec")["outputConfig"]; ok {
		spec := CopyMap(MapAt(ours, "spec"))
		spec["outputConfig"] = outputs
		merged["spec"] = spec
	}
	metadata := CopyMap(MapAt(ours, "metadata"))
	labels := CopyMap(MapAt(shipped, "metadata", "labels"))
	removed, _ := MapAt(ours, "spec")["removedLabels"].([]any)
	maps.DeleteFunc(labels, func(key string, _ any) bool { return slices.Contains(removed, any(key)) })
	for key, value := range MapAt(ours, "metadata", "labels") {
		labels[key] = value
	}
	if len(labels) > 0 {
		metadata["labels"] = labels
	}
	merged["metadata"] = metadata
	return merged
}

// HideSecrets masks the secrets in the spec of a ReleaseConfig; `outputs`: it contains outputs of the chart.
type HideSecrets func(spec map[string]any, outputs bool) error
