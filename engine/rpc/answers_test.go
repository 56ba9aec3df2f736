package rpc

import (
	"encoding/json"
	"testing"

	"walm.io/engine/action"
	"walm.io/engine/manifest"
)

func TestTheReleaseConfigIsSentOnceAndStaysInTheAnswersOfOthers(t *testing.T) {
	config := map[string]any{"kind": "ReleaseConfig", "spec": map[string]any{"a": "b"}}
	at := 1
	release := &action.Release{
		ReleaseConfig: config, ConfigAt: &at,
		Objects: []manifest.Document{{Kind: "ConfigMap", Object: map[string]any{"kind": "ConfigMap"}}, {Kind: "ReleaseConfig", Object: config}},
	}
	answer, err := call{engine: &engine{}}.wireRelease(release)
	if err != nil {
		t.Fatal(err)
	}
	var objects []manifest.Document
	if err := json.Unmarshal([]byte(*answer.Objects.Inline), &objects); err != nil {
		t.Fatal(err)
	}
	if len(objects) != 2 || len(objects[0].Object) != 1 || objects[1].Kind != "ReleaseConfig" || len(objects[1].Object) != 0 {
		t.Errorf("objects %+v", objects)
	}
	if answer.ConfigAt == nil || *answer.ConfigAt != 1 || *answer.ReleaseConfig.Inline != `{"kind":"ReleaseConfig","spec":{"a":"b"}}` {
		t.Errorf("the ReleaseConfig is %v at %v", answer.ReleaseConfig, answer.ConfigAt)
	}
	if len(release.Objects[1].Object) != 2 {
		t.Error("what was given was changed")
	}
}
