package history

import (
	"strings"
	"testing"
	"unicode/utf8"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/client-go/kubernetes/fake"

	"walm.io/engine/progress"
	"walm.io/engine/record"
)

func TestHoweverMuchTheClusterSaysOfAFailureItsRecordCanBeRead(t *testing.T) {
	long := "admission webhook \"w\" denied the request: " + strings.Repeat("nö ", 100_000)
	failed := &release.Release{
		Name: "rel", Namespace: "ns", Version: 1,
		Info:  &release.Info{Status: common.StatusFailed, Description: long},
		Chart: &helmchart.Chart{Metadata: &helmchart.Metadata{Name: "c", Version: "1.0.0"}},
	}
	if record.Check(failed, record.DefaultLimits()) == nil {
		t.Fatal("the failure is not long enough for this test")
	}
	recorded, err := (&Store{}).real(failed)
	if err != nil {
		t.Fatal(err)
	}
	if err := record.Check(recorded, record.DefaultLimits()); err != nil {
		t.Errorf("the record cannot be read: %v", err)
	}
	if said := recorded.Info.Description; !utf8.ValidString(said) || !strings.HasPrefix(said, long[:1000]) {
		t.Errorf("its beginning is not kept: %.60q", said)
	}
}

func TestARevisionThatTheClusterCutOffSaysSoInTheWriteThatMarksItFailed(t *testing.T) {
	for _, cut := range []bool{true, false} {
		secrets := fake.NewSimpleClientset().CoreV1().Secrets("ns")
		store := New(record.DefaultReading(0).NewStore(t.Context(), secrets, "ns"), func(progress.Step) {})
		store.CutOff = func() bool { return cut }
		made := &release.Release{
			Name: "rel", Namespace: "ns", Version: 1,
			Info:  &release.Info{Status: common.StatusPendingUpgrade},
			Chart: &helmchart.Chart{Metadata: &helmchart.Metadata{Name: "c", Version: "1.0.0"}},
		}
		if err := store.Create("sh.helm.release.v1.rel.v1", made); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			made.SetStatus(common.StatusFailed, "Upgrade \"rel\" failed: connection refused")
			if err := store.Update("sh.helm.release.v1.rel.v1", made); err != nil {
				t.Fatal(err)
			}
			said := store.Last().Info.Description
			if IsCutOff(said) != cut || strings.Count(said, cutOff) > 1 {
				t.Errorf("cut off: %v, and it says %q", cut, said)
			}
		}
	}
}
