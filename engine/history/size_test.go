package history

import (
	"runtime"
	"testing"

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
		"just below the limit":   {record(1000<<10, 0), true},
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
