package action

import (
	"strconv"
	"testing"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
)

func TestABriefAnswerIsBounded(t *testing.T) {
	secretOf := func(keys int, text string) *Release {
		data := map[string]any{}
		for index := range keys {
			data[strconv.Itoa(index)] = text
		}
		return &Release{Objects: []manifest.Document{{
			APIVersion: "v1", Kind: "Secret", Object: map[string]any{"data": data, "more": "x"},
		}}}
	}
	kept := secretOf(briefSecretKeys, "YQ==")
	if err := kept.shorten(); err != nil || len(manifest.MapAt(kept.Objects[0].Object, "data")) != briefSecretKeys {
		t.Errorf("as many keys as may be: %v", err)
	}
	if _, more := kept.Objects[0].Object["more"]; more {
		t.Error("more than the data is left of a Secret")
	}
	for name, release := range map[string]*Release{
		"keys":  secretOf(briefSecretKeys+1, "YQ=="),
		"bytes": secretOf(2, string(make([]byte, briefSecretBytes/2))),
	} {
		if err := release.shorten(); !problem.HasCode(err, problem.ReleaseUnreadable) {
			t.Errorf("too many %s: %v", name, err)
		}
	}
}
