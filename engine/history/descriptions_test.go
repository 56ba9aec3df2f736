package history

import "testing"

// The server decides by these about the result of an operation: server/domain/kube/shared-rules.test.ts reads the same
// file.
func TestDescriptionsAreThoseThatTheServerKnows(t *testing.T) {
	var known map[string]string
	readRules(t, "descriptions", &known)
	written := map[string]string{"cancelled": Cancelled, "cutOff": cutOff, "removalGivenUp": RemovalGivenUp}
	for name, description := range written {
		if known[name] != description {
			t.Errorf("%s: the engine writes %q, and the server knows %q", name, description, known[name])
		}
	}
	if len(known) != len(written) {
		t.Errorf("the server knows %d descriptions, and the engine writes %d", len(known), len(written))
	}
}
