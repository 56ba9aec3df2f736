package manifest

import (
	"slices"
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/yamltext"
)

// IsReleaseConfig tells whether the document is the ReleaseConfig of the release, or any if no name is given.
func (e *Entry) IsReleaseConfig(name string) bool {
	if !strings.Contains(e.Text, ReleaseConfigKind) {
		return false
	}
	objects := ObjectsOf(e.Text)
	return len(objects) == 1 && TextAt(objects[0], "kind") == ReleaseConfigKind &&
		TextAt(objects[0], "apiVersion") == ReleaseConfigVersion && (name == "" || NameOf(objects[0]) == name)
}

// WithReleaseConfig replaces the recorded ReleaseConfig; large values that equal those of `base` are left out
// (WithoutRecorded). The outputConfig that a chart shipped was merged into the recorded one, and stays unless the new one
// has its own.
func (e Entries) WithReleaseConfig(base *release.Release, releaseConfig map[string]any) (Entries, error) {
	if releaseConfig == nil {
		return e, nil
	}
	releaseConfig = WithoutRecorded(releaseConfig, base.Config)
	source := base.Chart.Name() + "/" + ReleaseConfigTemplate
	at := slices.IndexFunc(e, func(entry *Entry) bool { return entry.IsReleaseConfig(base.Name) })
	if at < 0 {
		added, err := EntriesOfObjects([]map[string]any{releaseConfig}, source)
		return append(e, added...), err
	}
	recorded := ObjectsOf(e[at].Text)[0]
	if len(MapAt(releaseConfig, "spec", "outputConfig")) == 0 {
		releaseConfig = CopyMap(releaseConfig)
		spec := CopyMap(MapAt(releaseConfig, "spec"))
		if outputs, ok := MapAt(recorded, "spec")["outputConfig"]; ok {
			spec["outputConfig"] = outputs
		}
		releaseConfig["spec"] = spec
	}
	text, err := yamltext.Marshal(releaseConfig)
	e[at].Text = string(text)
	return e, err
}
