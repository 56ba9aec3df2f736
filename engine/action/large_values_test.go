package action

import (
	"fmt"
	"maps"
	"reflect"
	"testing"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/manifest"
)

// Large values are in the record alone: the manifest and the live object do without, every reader of the release gets them
// with its ReleaseConfig, secrets hidden as before, and the seals of all revisions hold.
func TestLargeValuesAreRecordedOnce(t *testing.T) {
	server := &notary{}
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")})})
	services.SealRevision = server.seal
	defineReleaseConfigs(t, services)
	namespace := newNamespace(t, services)
	target := Target{Namespace: namespace, Name: "rel"}
	values := map[string]any{"password": "hunter2hunter2"}
	for index := range 3000 {
		values[fmt.Sprint("key-", index)] = fmt.Sprint("some text of number ", index)
	}
	hidden := maps.Clone(values)
	hidden["password"] = "***"
	configWith := func(values any) map[string]any {
		config := factsConfig("rel")
		config["spec"] = map[string]any{"configValues": values, "project": "p"}
		return config
	}
	check := func(found *Release, err error, wanted map[string]any) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		wantSealed(t, found, server.asked[:found.Revision])
		if got := manifest.MapAt(found.ReleaseConfig, "spec"); !reflect.DeepEqual(got["configValues"], any(wanted)) || got["project"] != "p" || len(got) != 2 {
			t.Errorf("the ReleaseConfig of revision %d has other values", found.Revision)
		}
		if version := manifest.TextAt(found.ReleaseConfig, "metadata", "annotations", "walm.io/facts"); version != "v1" {
			t.Errorf("readers are given version %s", version)
		}
		if len(found.Manifest) > 8<<10 {
			t.Errorf("the manifest of revision %d has %d bytes", found.Revision, len(found.Manifest))
		}
	}
	request := installation(namespace, "rel", "web")
	request.Values, request.ReleaseConfig, request.SealToken = values, configWith(hidden), "t1"
	installed, err := services.Install(t.Context(), request, nil)
	check(installed, err, hidden)

	up := UpgradeRequest{InstallRequest: request}
	up.ReleaseConfig, up.HasConfig = configWith(nil), true
	upgraded, err := services.Upgrade(t.Context(), up, nil)
	check(upgraded, err, values)

	rewritten := rewriting(target)
	rewritten.ReleaseConfig, rewritten.SealToken = configWith(hidden), "t2"
	paused, err := services.Rewrite(t.Context(), rewritten, nil)
	check(paused, err, hidden)

	for revision, wanted := range []map[string]any{hidden, values, hidden} {
		again, err := services.Get(t.Context(), RevisionRequest{Target: target, Revision: revision + 1})
		check(again, err, wanted)
	}
	compared, err := services.Compare(t.Context(), RevisionRequest{Target: target})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range compared {
		if live := manifest.MapAt(one.Live, "spec", "configValues"); one.Kind == manifest.ReleaseConfigKind && (len(live) > 0 || !reflect.DeepEqual(one.Live["spec"], one.Applied["spec"])) {
			t.Errorf("the live ReleaseConfig has %d values, or has drifted", len(live))
		}
	}
}
