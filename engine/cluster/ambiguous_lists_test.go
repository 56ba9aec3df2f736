package cluster

import (
	"encoding/json"
	"reflect"
	"testing"

	"walm.io/engine/jsontext/jsontest"
)

// TestWhatOthersSetInAnEntryThatIsThereTwiceStays: each list is written as a whole.
func TestWhatOthersSetInAnEntryThatIsThereTwiceStays(t *testing.T) {
	lists := mergedLists{"ports": "port"}
	for name, test := range map[string]struct{ before, now, live, wanted string }{
		"an entry is added": {
			`[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]`,
			`[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP"},{"port":80}]`,
			`[{"port":53,"protocol":"TCP","nodePort":1},{"port":53,"protocol":"UDP","nodePort":2}]`,
			`[{"port":53,"protocol":"TCP","nodePort":1},{"port":53,"protocol":"UDP","nodePort":2},{"port":80}]`,
		},
		"one of two changes": {
			`[{"port":53,"protocol":"TCP","name":"a"},{"port":53,"protocol":"UDP","name":"b"}]`,
			`[{"port":53,"protocol":"TCP","name":"a"},{"port":53,"protocol":"UDP","name":"c"}]`,
			`[{"port":53,"protocol":"TCP","name":"a","nodePort":1},{"port":53,"protocol":"UDP","name":"b","nodePort":2}]`,
			`[{"port":53,"protocol":"TCP","name":"a","nodePort":1},{"port":53,"protocol":"UDP","name":"c","nodePort":2}]`,
		},
		"one of two goes": {
			`[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]`,
			`[{"port":53,"protocol":"UDP"}]`,
			`[{"port":53,"protocol":"TCP","nodePort":1},{"port":53,"protocol":"UDP","nodePort":2}]`,
			`[{"port":53,"protocol":"UDP","nodePort":2}]`,
		},
		"their order changes": {
			`[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]`,
			`[{"port":53,"protocol":"UDP"},{"port":53,"protocol":"TCP"}]`,
			`[{"port":53,"protocol":"TCP","nodePort":1},{"port":53,"protocol":"UDP","nodePort":2}]`,
			`[{"port":53,"protocol":"UDP","nodePort":2},{"port":53,"protocol":"TCP","nodePort":1}]`,
		},
		"a field goes from one": {
			`[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP","name":"b"}]`,
			`[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]`,
			`[{"port":53,"protocol":"TCP","nodePort":1},{"port":53,"protocol":"UDP","name":"b","nodePort":2}]`,
			`[{"port":53,"protocol":"TCP","nodePort":1},{"port":53,"protocol":"UDP","nodePort":2}]`,
		},
		"both change, so that nothing says which is which": {
			`[{"port":53,"name":"a"},{"port":53,"name":"b"}]`,
			`[{"port":53,"name":"c"},{"port":53,"name":"d"}]`,
			`[{"port":53,"name":"a","nodePort":1},{"port":53,"name":"b","nodePort":2}]`,
			`[{"port":53,"name":"c"},{"port":53,"name":"d"}]`,
		},
		"both change, and their protocols say which is which": {
			`[{"port":53,"name":"a"},{"port":53,"protocol":"UDP","name":"b"}]`,
			`[{"port":53,"protocol":"UDP","name":"d"},{"port":53,"protocol":"TCP","name":"c"}]`,
			`[{"port":53,"protocol":"TCP","name":"a","nodePort":1},{"port":53,"protocol":"UDP","name":"b","nodePort":2}]`,
			`[{"port":53,"protocol":"UDP","name":"d","nodePort":2},{"port":53,"protocol":"TCP","name":"c","nodePort":1}]`,
		},
		"others have changed both, and their protocols say which is which": {
			`[{"port":53,"protocol":"TCP","name":"a"},{"port":53,"protocol":"UDP","name":"b"}]`,
			`[{"port":53,"protocol":"TCP","name":"a"},{"port":53,"protocol":"UDP","name":"b"},{"port":1}]`,
			`[{"port":53,"protocol":"UDP","name":"y","nodePort":2},{"port":53,"protocol":"TCP","name":"x","nodePort":1}]`,
			`[{"port":53,"protocol":"TCP","name":"a","nodePort":1},{"port":53,"protocol":"UDP","name":"b","nodePort":2},{"port":1}]`,
		},
		"one says less than the other": {
			`[{"port":53},{"port":53,"name":"b"}]`,
			`[{"port":53},{"port":53,"name":"b"},{"port":1}]`,
			`[{"port":53,"name":"b"},{"port":53}]`,
			`[{"port":53},{"port":53,"name":"b"},{"port":1}]`,
		},
		"others have changed what was applied": {
			`[{"port":53,"name":"a"},{"port":53,"name":"b"}]`,
			`[{"port":53,"name":"a"},{"port":53,"name":"b"},{"port":1}]`,
			`[{"port":53,"name":"x","nodePort":1},{"port":53,"name":"b","nodePort":2}]`,
			`[{"port":53,"name":"a"},{"port":53,"name":"b","nodePort":2},{"port":1}]`,
		},
		"the same twice": {
			`[{"port":53},{"port":53}]`, `[{"port":53},{"port":53},{"port":1}]`, `[{"port":53,"nodePort":1},{"port":53,"nodePort":2}]`, `[{"port":53},{"port":53},{"port":1}]`,
		},
	} {
		made := lists.overlaid("", portsOf(t, test.before), portsOf(t, test.now), portsOf(t, test.live))
		if wanted := portsOf(t, test.wanted); !reflect.DeepEqual(made, any(wanted)) {
			t.Errorf("%s: %s", name, jsontest.Of(t, made))
		}
	}
}

func portsOf(t *testing.T, text string) map[string]any {
	t.Helper()
	var ports []any
	if err := json.Unmarshal([]byte(text), &ports); err != nil {
		t.Fatal(err)
	}
	return map[string]any{"ports": ports}
}
