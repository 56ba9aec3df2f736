package history

import (
	"compress/gzip"
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func TestRecordSize(t *testing.T) {
	record := func(noisy, plain int) *release.Release {
		plainText := make([]byte, plain)
		return &release.Release{
			Name: "rel", Namespace: "ns",
			Chart:    &helmchart.Chart{Metadata: &helmchart.Metadata{Name: "web"}, Files: []*common.File{{Name: "n", Data: []byte(charttest.Noise(noisy))}}},
			Manifest: string(plainText),
		}
	}
	// Files are base64 in the record, so hexadecimal noise takes about as much room as it has bytes.
	for name, one := range map[string]struct {
		record *release.Release
		fits   bool
	}{
		"small":                  {record(1000, 1000), true},
		"large but compressible": {record(1000, 1<<20), true},
		"just below the limit":   {record(990<<10, 0), true},
		"above the limit":        {record(1120<<10, 0), false},
	} {
		err := CheckSize(one.record, 32<<20)
		if one.fits && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !one.fits {
			refused := problemtest.Want(t, err, problem.ReleaseTooLarge)
			for _, part := range []string{"total", "limit", "chart", "values", "manifest", "hooks"} {
				if _, ok := refused.Details[part].(int); !ok {
					t.Errorf("%s: details lack %s: %v", name, part, refused.Details)
				}
			}
		}
	}
}

func TestFilesThatNoRecordCouldHoldAreNotEncoded(t *testing.T) {
	record := &release.Release{Name: "rel", Namespace: "ns", Chart: &helmchart.Chart{
		Metadata: &helmchart.Metadata{Name: "web"}, Files: []*common.File{{Name: "zeros", Data: make([]byte, 25<<20)}},
	}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := CheckSize(record, 32<<20)
	runtime.ReadMemStats(&after)
	problemtest.Want(t, err, problem.ReleaseTooLarge)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 1<<20 {
		t.Errorf("%d bytes were allocated", allocated)
	}
}

func TestADryRunJudgesTheSameBytesOfARecordAsTheChange(t *testing.T) {
	const task = "0c0a1952-1875-4a89-8e35-e98a142bc8b9"
	config := func(task string) string {
		notes := ""
		if task != "" {
			notes = ", walm.io/task: " + task + ", walm.io/seal: " + strings.Repeat("s", 200) + ", walm.io/cause: somebody asked for it"
		}
		return "---\n# Source: web/templates/walm.yaml\napiVersion: apiextensions.transwarp.io/v1beta1\nkind: ReleaseConfig\n" +
			"metadata: {name: web, annotations: {walm.io/facts: v1" + notes + "}}\nspec: {configValues: {note: some}}\n"
	}
	made := func(task string) *release.Release {
		record := &release.Release{
			Name: "web", Namespace: "shop", Version: 1,
			Info:     &release.Info{Notes: "thanks", Description: "Dry run complete", Status: "pending-install"},
			Chart:    &helmchart.Chart{Metadata: &helmchart.Metadata{APIVersion: "v2", Name: "web", Version: "1.0.0"}},
			Config:   map[string]any{"note": "some"},
			Manifest: "---\n# Source: web/templates/a.yaml\nkind: ConfigMap\n" + config(task),
			Hooks:    []*release.Hook{{Name: "migrate", Kind: "Job", Manifest: "kind: Job"}},
		}
		if task != "" {
			record.Version, record.Labels = 12, map[string]string{"owner": "helm"}
			record.Info.FirstDeployed, record.Info.LastDeployed = time.Now(), time.Now()
			record.Info.Description = "Initial install underway"
			record.Hooks[0].DeletePolicies = []release.HookDeletePolicy{release.HookBeforeHookCreation}
			record.Hooks[0].LastRun.StartedAt = time.Now()
		}
		return record
	}
	judged := func(task string) string {
		record, err := foretellable(made(task))
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if dryRun, change := judged(""), judged(task); dryRun != change {
		t.Errorf("a dry run judges\n%s\nand the change\n%s", dryRun, change)
	}
	// The additions of the change have enough room.
	with, err := encodedSize(made(task), gzip.BestCompression)
	without, failure := encodedSize(made(""), gzip.BestCompression)
	if err != nil || failure != nil || with-without > noteRoom/4 {
		t.Errorf("what a change notes takes %d bytes (%v, %v)", with-without, err, failure)
	}
}
