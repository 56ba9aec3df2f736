package record

import (
	"encoding/json"
	"strings"
	"testing"

	"walm.io/engine/problem"
)

// TestANotedFailureIsBounded: it has to fit beside a record of any allowed size.
func TestANotedFailureIsBounded(t *testing.T) {
	object := &problem.ObjectRef{Kind: "ConfigMap", Name: "a"}
	small := &problem.Problem{Code: problem.FieldImmutable, Message: "no", Object: object, Field: "data", Details: map[string]any{"file": "a.yaml", "recreate": []string{"delete"}}}
	large := &problem.Problem{
		Code: problem.QuotaExceeded, Message: strings.Repeat("x", 100_000), Object: object,
		Details: map[string]any{"file": "a.yaml", "refused": strings.Repeat("y", 100_000)},
	}
	if kept := boundFailure(small); kept.Message != "no" || len(kept.Details) != 2 || kept.Field != "data" {
		t.Errorf("a small one: %+v", kept)
	}
	kept := boundFailure(large)
	text, err := json.Marshal(kept)
	if err != nil || len(text) > failureMessageBytes+failureDetailsBytes || kept.Code != large.Code || kept.Object != object || kept.Details["file"] != "a.yaml" {
		t.Errorf("a large one: %d bytes, %+v", len(text), kept)
	}
	noted := Notes{Leftovers: make([]problem.ObjectRef, 10_000), Failure: kept}
	for index := range noted.Leftovers {
		noted.Leftovers[index] = problem.ObjectRef{Kind: "ConfigMap", Name: strings.Repeat("n", 20)}
	}
	var read Notes
	if err := json.Unmarshal(noted.text(), &read); err != nil || read.Failure == nil || len(noted.text()) > notesBytes {
		t.Errorf("beside many leftovers: %+v, %v", read.Failure, err)
	}
}
