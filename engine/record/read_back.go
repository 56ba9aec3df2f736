package record

import (
	"encoding/json"
	"fmt"

	release "helm.sh/helm/v4/pkg/release/v1"
)

// AsReadBack returns a revision in the form in which it is read from Helm's record, which is JSON: digests are of that
// form.
func AsReadBack(made release.Release) (*release.Release, error) {
	text, err := json.Marshal(made)
	if err != nil {
		return nil, fmt.Errorf("encoding revision %d of release %s: %w", made.Version, made.Name, err)
	}
	var recorded release.Release
	if err := json.Unmarshal(text, &recorded); err != nil {
		return nil, fmt.Errorf("decoding revision %d of release %s: %w", made.Version, made.Name, err)
	}
	return &recorded, nil
}
