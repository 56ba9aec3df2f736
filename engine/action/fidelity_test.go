package action

import (
	"context"
	"fmt"
	"testing"
	"time"

	helmaction "helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/fair"
	"walm.io/engine/jsontext/jsontest"
	"walm.io/engine/manifest"
)

// TestRecordsAreThoseOfPlainHelm installs and upgrades one chart twice, through the literal chart and by Helm's SDK
// alone, and compares the records byte for byte.
func TestRecordsAreThoseOfPlainHelm(t *testing.T) {
	group := fmt.Sprintf("g%d.walm.test", time.Now().UnixNano())
	charts := charttest.Charts{"nasty": charttest.Nasty(group)}
	services := testServices(t, charts)
	ours, theirs := newNamespace(t, services), newNamespace(t, services)
	// The namespace does not appear in this chart's manifest, so two namespaces can be compared.

	request := installation(ours, "rel", "nasty")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	plainInstall(t, services, charts, theirs)
	compareRecords(t, services, ours, theirs, 1)

	upgrading := UpgradeRequest{InstallRequest: request}
	upgrading.Values = map[string]any{"replica": map[string]any{"enabled": false}}
	if _, err := services.Upgrade(t.Context(), upgrading, nil); err != nil {
		t.Fatal(err)
	}
	plainUpgrade(t, services, charts, theirs, upgrading.Values)
	compareRecords(t, services, ours, theirs, 2)

	upgrading.ReleaseConfig = map[string]any{
		"apiVersion": manifest.ReleaseConfigVersion, "kind": manifest.ReleaseConfigKind, "metadata": map[string]any{"name": "rel"},
	}
	preview := RenderRequest{Target: request.Target, Content: upgrading.Content, IsUpgrade: true}
	rendered, err := services.Render(t.Context(), preview, nil)
	if err != nil {
		t.Fatal(err)
	}
	last := rendered.Documents[len(rendered.Documents)-2]
	if last.Kind != manifest.ReleaseConfigKind || last.Source != "nasty/"+manifest.ReleaseConfigTemplate {
		t.Errorf("the ReleaseConfig is not before kind Widget at the end: %s from %s", last.Kind, last.Source)
	}
}

func plainConfiguration(t *testing.T, services *Services, namespace string) *helmaction.Configuration {
	t.Helper()
	op, err := services.begin(context.Background(), Target{Namespace: namespace, Name: "rel"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	op.helm.Capabilities = nil
	return op.helm
}

func plainInstall(t *testing.T, services *Services, charts charttest.Charts, namespace string) {
	t.Helper()
	chart, err := charts.Load(t.Context(), fair.Caller{}, "nasty")
	if err != nil {
		t.Fatal(err)
	}
	run := helmaction.NewInstall(plainConfiguration(t, services, namespace))
	run.ReleaseName, run.Namespace = "rel", namespace
	run.Timeout, run.WaitStrategy = time.Minute, kube.HookOnlyStrategy
	if _, err := run.Run(chart, map[string]any{}); err != nil {
		t.Fatal(err)
	}
}

func plainUpgrade(t *testing.T, services *Services, charts charttest.Charts, namespace string, values map[string]any) {
	t.Helper()
	chart, err := charts.Load(t.Context(), fair.Caller{}, "nasty")
	if err != nil {
		t.Fatal(err)
	}
	run := helmaction.NewUpgrade(plainConfiguration(t, services, namespace))
	run.Namespace, run.ResetValues = namespace, true
	run.Timeout, run.WaitStrategy = time.Minute, kube.HookOnlyStrategy
	if _, err := run.Run("rel", chart, values); err != nil {
		t.Fatal(err)
	}
}

func compareRecords(t *testing.T, services *Services, ours, theirs string, revision int) {
	t.Helper()
	mine, plain := recordOf(t, services, ours, revision), recordOf(t, services, theirs, revision)
	if mine.Manifest != plain.Manifest {
		t.Errorf("revision %d: manifests differ\nwalm:\n%s\nhelm:\n%s", revision, mine.Manifest, plain.Manifest)
	}
	if mine.Info.Notes != plain.Info.Notes {
		t.Errorf("revision %d: notes differ: %q, %q", revision, mine.Info.Notes, plain.Info.Notes)
	}
	if mine.Info.Status != plain.Info.Status || mine.Info.Description != plain.Info.Description || mine.ApplyMethod != plain.ApplyMethod {
		t.Errorf("revision %d: %s %q %s, not %s %q %s", revision, mine.Info.Status, mine.Info.Description, mine.ApplyMethod,
			plain.Info.Status, plain.Info.Description, plain.ApplyMethod)
	}
	if len(mine.Hooks) != len(plain.Hooks) {
		t.Fatalf("revision %d: %d hooks, not %d", revision, len(mine.Hooks), len(plain.Hooks))
	}
	for index, hook := range mine.Hooks {
		other := plain.Hooks[index]
		if hook.Manifest != other.Manifest || hook.Path != other.Path || hook.Weight != other.Weight ||
			fmt.Sprint(hook.Events, hook.DeletePolicies) != fmt.Sprint(other.Events, other.DeletePolicies) {
			t.Errorf("revision %d: hook %s differs from %s", revision, hook.Path, other.Path)
		}
	}
	for part, pair := range map[string][2]any{
		"chart": {mine.Chart, plain.Chart}, "config": {mine.Config, plain.Config},
	} {
		if a, b := jsontest.Of(t, pair[0]), jsontest.Of(t, pair[1]); a != b {
			t.Errorf("revision %d: the recorded %s differs\nwalm: %s\nhelm: %s", revision, part, a, b)
		}
	}
}

func recordOf(t *testing.T, services *Services, namespace string, revision int) *release.Release {
	t.Helper()
	op, err := services.begin(context.Background(), Target{Namespace: namespace, Name: "rel"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := op.recorded(revision)
	if err != nil || found == nil {
		t.Fatalf("no revision %d in %s: %v", revision, namespace, err)
	}
	return found
}
