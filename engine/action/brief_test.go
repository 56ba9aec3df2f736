package action

import (
	"encoding/json"
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

// TestABriefAnswerTellsWhichJobsRemoveThemselves: such a Job counts as done where it is missing.
func TestABriefAnswerTellsWhichJobsRemoveThemselves(t *testing.T) {
	for lifetime, isKept := range map[any]bool{float64(60): true, int64(0): true, json.Number("1"): true, "1": false, nil: false} {
		job := map[string]any{"spec": map[string]any{"ttlSecondsAfterFinished": lifetime, "parallelism": 1}}
		brief := &Release{Objects: []manifest.Document{{APIVersion: "batch/v1", Kind: "Job", Object: job}}}
		if err := brief.shorten(); err != nil {
			t.Fatal(err)
		}
		spec := manifest.MapAt(brief.Objects[0].Object, "spec")
		if _, found := spec["ttlSecondsAfterFinished"]; found != isKept || spec["parallelism"] != nil {
			t.Errorf("%v: %v", lifetime, spec)
		}
	}
}
