package manifest

import (
	"strings"
	"testing"

	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func TestOneObjectIsMadeOnce(t *testing.T) {
	plain := func(source, version, name string) Document {
		return Document{Source: source, APIVersion: version, Kind: "Deployment", Namespace: "n", Name: name}
	}
	hook := func(source string, weight int, events ...string) Document {
		document := plain(source, "apps/v1", "a")
		document.Hook = &HookFacts{Events: events, Weight: weight}
		return document
	}
	elsewhere := plain("b", "apps/v1", "a")
	elsewhere.Namespace = "other"
	nameless := plain("b", "apps/v1", "")
	for name, documents := range map[string][]Document{
		"two names":                    {plain("a", "apps/v1", "a"), plain("b", "apps/v1", "b")},
		"two namespaces":               {plain("a", "apps/v1", "a"), elsewhere},
		"names that the cluster gives": {nameless, nameless},
		"hooks of other events":        {hook("a", 0, "pre-install"), hook("b", 0, "post-install", "pre-upgrade")},
		"hooks in the order of their weights": {
			hook("a", -1, "pre-install"), hook("b", 0, "pre-install"), hook("c", 1, "pre-install"),
		},
		"tests": {hook("a", 0, "test"), hook("b", 0, "test")},
	} {
		if err := CheckOnce(documents); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, documents := range map[string][]Document{
		"two objects":               {plain("a", "apps/v1", "a"), plain("b", "apps/v1", "a")},
		"two versions":              {plain("a", "apps/v1", "a"), plain("b", "apps/v1beta1", "a")},
		"an object and a hook":      {plain("a", "apps/v1", "a"), hook("b", 0, "post-install")},
		"a hook and an object":      {hook("a", 0, "pre-delete"), plain("b", "apps/v1", "a")},
		"a test and an object":      {hook("a", 0, "test"), plain("b", "apps/v1", "a")},
		"hooks of one moment":       {hook("a", 3, "pre-install"), hook("b", 3, "pre-install")},
		"hooks that share an event": {hook("a", 0, "pre-install", "pre-upgrade"), hook("b", 0, "pre-upgrade", "pre-rollback")},
		"hooks with one between":    {hook("a", 0, "pre-install"), hook("c", 1, "pre-install"), hook("b", 0, "pre-install")},
		"an object after two hooks": {hook("a", 0, "pre-install"), hook("c", 1, "pre-install"), plain("b", "apps/v1", "a")},
	} {
		err := CheckOnce(documents)
		problemtest.Want(t, err, "MANIFEST_INVALID")
		found, _ := problem.From(err)
		if !strings.Contains(found.Message, "Deployment a is created twice, by a and by b: ") || found.Details["file"] != "b" {
			t.Errorf("%s: %s (%v)", name, found.Message, found.Details)
		}
	}
	err := CheckOnce([]Document{plain("a", "apps/v1", "a"), plain("a", "apps/v1", "a")})
	if found, _ := problem.From(err); !strings.Contains(found.Message, "is created twice, by a: ") {
		t.Error(found.Message)
	}
}
