package record

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"

	release "helm.sh/helm/v4/pkg/release/v1"
)

// AsReadBack returns a revision in the form in which it is read from Helm's record, which is JSON: digests are of that
// form. Values that are in this form already are shared: they may be most of the revision.
func AsReadBack(made release.Release) (*release.Release, error) {
	values := made.Config
	shared := isRead(values)
	if shared {
		made.Config = nil
	}
	text, err := json.Marshal(made)
	if err != nil {
		return nil, fmt.Errorf("encoding revision %d of release %s: %w", made.Version, made.Name, err)
	}
	var recorded release.Release
	if err := json.Unmarshal(text, &recorded); err != nil {
		return nil, fmt.Errorf("decoding revision %d of release %s: %w", made.Version, made.Name, err)
	}
	if shared {
		recorded.Config = values
	}
	return &recorded, nil
}

// isRead tells that a value is what writing it as JSON and reading that gives again.
func isRead(value any) bool {
	switch typed := value.(type) {
	case map[string]any:
		for key, below := range typed {
			if !utf8.ValidString(key) || !isRead(below) {
				return false
			}
		}
		return typed != nil
	case []any:
		for _, below := range typed {
			if !isRead(below) {
				return false
			}
		}
		return typed != nil
	case string:
		return utf8.ValidString(typed)
	case nil, bool, float64:
		return true
	default:
		return false
	}
}
