package record

import (
	"encoding/json"
	"reflect"
	"testing"

	release "helm.sh/helm/v4/pkg/release/v1"
)

// What is said to be the same when it is read back is the same, and everything else is written and read.
func TestAReadBackRevisionIsWhatIsRead(t *testing.T) {
	for name, test := range map[string]struct {
		value  any
		shared bool
	}{
		"texts":          {map[string]any{"a": "é<&>\u2028", "b": []any{"x", nil, true, 1.5, 1e21}}, true},
		"an integer":     {1 << 60, false},
		"a number":       {json.Number("1.0"), false},
		"no UTF-8":       {"\xffa", false},
		"a key":          {map[string]any{"\xff": "a"}, false},
		"a nil list":     {[]any(nil), false},
		"a nil map":      {map[string]any(nil), false},
		"something else": {[]string{"a"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			made := release.Release{Name: "rel", Config: map[string]any{"value": test.value}}
			text, err := json.Marshal(made)
			if err != nil {
				t.Fatal(err)
			}
			var read release.Release
			if err := json.Unmarshal(text, &read); err != nil {
				t.Fatal(err)
			}
			recorded, err := AsReadBack(made)
			if err != nil || !reflect.DeepEqual(recorded, &read) {
				t.Errorf("%v, %v, not %v", recorded, err, read.Config)
			}
			if same := reflect.ValueOf(recorded.Config).Pointer() == reflect.ValueOf(made.Config).Pointer(); same != test.shared {
				t.Errorf("shared: %v", same)
			}
		})
	}
}
