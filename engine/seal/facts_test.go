package seal

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/manifest"
	"walm.io/engine/record"
)

// sealedRelease is a revision as Helm reads it back.
func sealedRelease() *release.Release {
	return &release.Release{
		Name: "rel", Namespace: "ns", Version: 3, Info: &release.Info{Status: common.StatusDeployed},
		Chart:  &helmchart.Chart{Metadata: &helmchart.Metadata{Name: "web", Version: "1.0.0"}, Values: map[string]any{"a": 1.0}},
		Config: map[string]any{"replicas": 2.0},
		Hooks:  []*release.Hook{{Name: "hook", Kind: "Job", Manifest: "kind: Job\n", Events: []release.HookEvent{release.HookPreInstall}}},
		Manifest: "---\n# Source: web/templates/cm.yaml\n" + charttest.ConfigMap("cm", "") + "\n---\n# Source: web/templates/walm-release-config.yaml\n" +
			"apiVersion: apiextensions.transwarp.io/v1beta1\nkind: ReleaseConfig\nmetadata:\n  annotations:\n    walm.io/facts: v1\n" +
			"    walm.io/seal: v1.k.p.s\n  name: rel\nspec: {a: b}\n",
	}
}

func factsOf(t *testing.T, recorded *release.Release, at record.Place) *Facts {
	t.Helper()
	facts, err := FactsOf(recorded, at, manifest.DocumentsOf(recorded.Manifest, at.Namespace, func(schema.GroupKind) bool { return true }))
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

func TestEveryEditChangesADigest(t *testing.T) {
	at := record.Place{Namespace: "ns", Name: "rel", Revision: 3}
	before := factsOf(t, sealedRelease(), at)
	if before == nil {
		t.Fatal("the revision is sealed")
	}
	edits := map[string]func(*release.Release){
		"a value":              func(r *release.Release) { r.Config["replicas"] = 3.0 },
		"a value's type":       func(r *release.Release) { r.Config["replicas"] = "2" },
		"the chart's values":   func(r *release.Release) { r.Chart.Values["a"] = 2.0 },
		"the chart's version":  func(r *release.Release) { r.Chart.Metadata.Version = "2" },
		"a document":           func(r *release.Release) { r.Manifest = strings.Replace(r.Manifest, "name: cm", "name: dm", 1) },
		"white space":          func(r *release.Release) { r.Manifest += "\n" },
		"an added document":    func(r *release.Release) { r.Manifest = "---\n" + charttest.ConfigMap("more", "") + r.Manifest },
		"a document behind it": func(r *release.Release) { r.Manifest += "---\n" + charttest.ConfigMap("more", "") },
		"a fact":               func(r *release.Release) { r.Manifest = strings.Replace(r.Manifest, "{a: b}", "{a: c}", 1) },
		"the facts' place": func(r *release.Release) {
			r.Manifest = strings.Replace(r.Manifest, "walm.io/facts: v1", "walm.io/facts: v2", 1)
		},
		"a second ReleaseConfig": func(r *release.Release) {
			r.Manifest += "---\napiVersion: apiextensions.transwarp.io/v1beta1\nkind: ReleaseConfig\nmetadata: {name: rel}\n"
		},
		"a seal in another line": func(r *release.Release) {
			r.Manifest = strings.Replace(r.Manifest, "    walm.io/seal: v1.k.p.s\n", "", 1) + "x: |\n    walm.io/seal: v1.k.p.s\n"
		},
		"a hook":         func(r *release.Release) { r.Hooks[0].Manifest = "kind: Pod\n" },
		"a hook's event": func(r *release.Release) { r.Hooks[0].Events[0] = release.HookPostInstall },
		"a hook's end": func(r *release.Release) {
			r.Hooks[0].DeletePolicies = []release.HookDeletePolicy{release.HookSucceeded}
		},
		"a hook more":        func(r *release.Release) { r.Hooks = append(r.Hooks, &release.Hook{Name: "more"}) },
		"no hook":            func(r *release.Release) { r.Hooks = nil },
		"the revision":       func(r *release.Release) { r.Version = 4 },
		"the name":           func(r *release.Release) { r.Name = "other" },
		"the namespace":      func(r *release.Release) { r.Namespace = "other" },
		"the seal":           func(r *release.Release) { r.Manifest = strings.Replace(r.Manifest, "v1.k.p.s", "v1.k.p.t", 1) },
		"the seal taken out": func(r *release.Release) { r.Manifest = strings.Replace(r.Manifest, "v1.k.p.s", "", 1) },
	}
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			edited := sealedRelease()
			edit(edited)
			if after := factsOf(t, edited, at); after != nil && *after == *before {
				t.Errorf("nothing shows it: %+v", after)
			}
		})
	}
}

func TestWhatHelmWritesAgainIsNotSealed(t *testing.T) {
	at := record.Place{Namespace: "ns", Name: "rel", Revision: 3}
	changed := sealedRelease()
	changed.Info = &release.Info{Status: common.StatusSuperseded, Description: "other", Notes: "other"}
	changed.Labels = map[string]string{"status": "superseded"}
	changed.Hooks[0].LastRun = release.HookExecution{Phase: release.HookPhaseSucceeded}
	changed.Hooks[0].DeletePolicies = []release.HookDeletePolicy{release.HookBeforeHookCreation}
	if before, after := factsOf(t, sealedRelease(), at), factsOf(t, changed, at); !reflect.DeepEqual(before, after) {
		t.Errorf("%+v, not %+v", after, before)
	}
}

func TestDigestsSurviveTheRecord(t *testing.T) {
	made := sealedRelease()
	made.Config["deep"] = map[string]any{"int": 1, "none": nil, "text": string([]byte{0xff, 'a'})}
	text, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	var read release.Release
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	sealed, err := record.AsReadBack(*made)
	if err != nil {
		t.Fatal(err)
	}
	at := record.Place{Namespace: "ns", Name: "rel", Revision: 3}
	if a, b := factsOf(t, sealed, at), factsOf(t, &read, at); *a != *b {
		t.Errorf("%+v, not %+v", b, a)
	}
}
