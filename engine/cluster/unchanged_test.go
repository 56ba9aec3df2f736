package cluster

import (
	"reflect"
	"testing"

	"walm.io/engine/jsontext/jsontest"
	"walm.io/engine/manifest"
)

func TestFieldsThatDidNotChangeAreAsTheClusterHasThem(t *testing.T) {
	type object = map[string]any
	list := func(entries ...any) []any { return entries }
	tests := map[string]struct{ before, now, live, want object }{
		"null that was defaulted":     {object{"class": nil, "size": "1"}, object{"class": nil, "size": "2"}, object{"class": "standard", "size": "1"}, object{"class": "standard", "size": "2"}},
		"empty text":                  {object{"ip": ""}, object{"ip": "", "a": "b"}, object{"ip": "10.0.0.1"}, object{"ip": "10.0.0.1", "a": "b"}},
		"list that others filled":     {object{"rules": list(), "a": "1"}, object{"rules": list(), "a": "2"}, object{"rules": list("x"), "a": "1"}, object{"rules": list("x"), "a": "2"}},
		"field that others took away": {object{"a": "1", "b": "1"}, object{"a": "1", "b": "2"}, object{"b": "1"}, object{"b": "2"}},
		"what others added stays theirs": {object{"labels": object{"a": "1"}, "b": "1"}, object{"labels": object{"a": "1"}, "b": "2"},
			object{"labels": object{"a": "1", "theirs": "x"}, "b": "1"}, object{"labels": object{"a": "1"}, "b": "2"}},
		"entry of a list by its name": {
			object{"containers": list(object{"name": "a", "image": "1"}, object{"name": "b", "image": "1"})},
			object{"containers": list(object{"name": "a", "image": "2"}, object{"name": "b", "image": "1"})},
			object{"containers": list(object{"name": "sidecar"}, object{"name": "b", "image": "theirs"}, object{"name": "a", "image": "1"})},
			object{"containers": list(object{"name": "a", "image": "2"}, object{"name": "b", "image": "theirs"})},
		},
		"changed field stays changed": {object{"image": "1"}, object{"image": "2"}, object{"image": "hotfix"}, object{"image": "2"}},
		"list without names":          {object{"args": list("a")}, object{"args": list("b")}, object{"args": list("theirs")}, object{"args": list("b")}},
		"new field":                   {object{}, object{"a": object{"b": "c"}}, object{}, object{"a": object{"b": "c"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := asStored(test.before, test.now, test.live); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestDocumentsAreTheSameWithoutHelmsMarks(t *testing.T) {
	bare := map[string]any{"kind": "ConfigMap", "metadata": map[string]any{"name": "a"}}
	marked := map[string]any{"kind": "ConfigMap", "metadata": map[string]any{
		"name":        "a",
		"labels":      map[string]any{"app.kubernetes.io/managed-by": "Helm"},
		"annotations": map[string]any{"meta.helm.sh/release-name": "r", "meta.helm.sh/release-namespace": "n"},
	}}
	other := map[string]any{"kind": "ConfigMap", "metadata": map[string]any{"name": "a", "labels": map[string]any{"app.kubernetes.io/managed-by": "me"}}}
	if !sameDocument(bare, marked) || sameDocument(bare, other) {
		t.Error("Helm's marks are taken for changes, or changes for Helm's marks")
	}
}

func TestWhatAnAttemptHadOtherwiseIsNotWhatOthersSet(t *testing.T) {
	applied := manifest.ObjectsOf("spec: {replicas: 2, paused: false, template: {spec: {containers: [{name: a, image: x, tty: true}, {name: b, image: y}]}}}")[0]
	meant := manifest.ObjectsOf("spec: {replicas: 0, paused: false, template: {spec: {containers: [{name: a, image: z, tty: true}]}}}")[0]
	wanted := manifest.ObjectsOf("spec: {paused: false, template: {spec: {containers: [{name: a, tty: true}]}}}")[0]
	live := manifest.ObjectsOf("spec: {replicas: 0, paused: true, template: {spec: {containers: [{name: a, image: z, tty: false}, {name: b, image: y}]}}}")[0]
	if same := (attempt{meant, live, true}).agreed(applied); jsontest.Of(t, same) != jsontest.Of(t, wanted) {
		t.Errorf("they agree in %s", jsontest.Of(t, same))
	}
	// Replicas that another user has set since are neither the applied nor the attempted ones: with an owner they are
	// the owner's.
	scaled := manifest.ObjectsOf("spec: {replicas: 5, paused: true, template: {spec: {containers: [{name: a, image: z, tty: false}, {name: b, image: y}]}}}")[0]
	for isOwned, replicas := range map[bool]any{true: applied["spec"].(map[string]any)["replicas"], false: nil} {
		same := attempt{meant, scaled, isOwned}.agreed(applied)["spec"].(map[string]any)
		if same["replicas"] != replicas || same["paused"] != false {
			t.Errorf("with owners %v they agree in %v", isOwned, same)
		}
	}
	stored := manifest.ObjectsOf("spec: {replicas: 2, paused: true, template: {spec: {containers: [{name: a, image: x, tty: false}, {name: b, image: y}]}}}")[0]
	if found := asStored(wanted, applied, live); jsontest.Of(t, found) != jsontest.Of(t, stored) {
		t.Errorf("applied is %s", jsontest.Of(t, found))
	}
}
