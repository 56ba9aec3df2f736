package history

import (
	"slices"
	"testing"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/client-go/kubernetes/fake"

	"walm.io/engine/progress"
	"walm.io/engine/record"
)

func TestWhatWasAppliedIsNeverPruned(t *testing.T) {
	const deployed, superseded, failed = common.StatusDeployed, common.StatusSuperseded, common.StatusFailed
	for name, of := range map[string]struct {
		before []common.Status
		most   int
		base   int
		kept   []int
	}{
		"all are kept":                      {[]common.Status{superseded, superseded, deployed}, 0, 0, []int{1, 2, 3, 4}},
		"there is room":                     {[]common.Status{superseded, deployed}, 3, 0, []int{1, 2, 3}},
		"the oldest go":                     {[]common.Status{superseded, superseded, deployed}, 2, 0, []int{3, 4}},
		"it is deployed":                    {[]common.Status{deployed, failed, failed}, 2, 0, []int{1, 4}},
		"it says that it is superseded":     {[]common.Status{superseded, failed, failed, failed}, 3, 0, []int{1, 4, 5}},
		"another one was superseded before": {[]common.Status{superseded, superseded, failed, failed}, 3, 0, []int{2, 4, 5}},
		"nothing was applied":               {[]common.Status{failed, failed, failed}, 2, 0, []int{3, 4}},
		"there is room for one":             {[]common.Status{superseded, failed}, 1, 0, []int{1, 3}},
		"a rollback goes back to the first": {[]common.Status{superseded, superseded, deployed, failed}, 3, 1, []int{1, 3, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			secrets := fake.NewSimpleClientset().CoreV1().Secrets("ns")
			store := New(record.DefaultReading(0).NewStore(t.Context(), secrets, "ns"), func(progress.Step) {})
			made := func(version int, status common.Status) *release.Release {
				return &release.Release{
					Name: "rel", Namespace: "ns", Version: version, Info: &release.Info{Status: status},
					Chart: &helmchart.Chart{Metadata: &helmchart.Metadata{Name: "c", Version: "1.0.0"}},
				}
			}
			for at, status := range of.before {
				revision := made(at+1, status)
				if err := store.Create(KeyOf(revision), revision); err != nil {
					t.Fatal(err)
				}
			}
			store.MaxHistory, store.Base = of.most, of.base
			next := made(len(of.before)+1, common.StatusPendingUpgrade)
			if err := store.Create(KeyOf(next), next); err != nil {
				t.Fatal(err)
			}
			found, err := store.Query(Labels("rel"))
			if err != nil {
				t.Fatal(err)
			}
			revisions, err := ToReleases(found)
			if err != nil {
				t.Fatal(err)
			}
			kept := []int{}
			for _, revision := range revisions {
				kept = append(kept, revision.Version)
			}
			if !slices.Equal(kept, of.kept) {
				t.Errorf("kept are %v, not %v", kept, of.kept)
			}
		})
	}
}
