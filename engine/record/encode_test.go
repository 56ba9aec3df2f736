package record

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
)

// Records written here are read by Helm's own driver, as if it had written them itself.
func TestRecordsAreWhatHelmWrites(t *testing.T) {
	for _, keys := range []int{1, 20_000} {
		values := map[string]any{}
		random := rand.New(rand.NewPCG(1, 2))
		for i := range keys {
			values[fmt.Sprintf("key-%d", i)] = fmt.Sprintf("<%x>", random.Uint64())
		}
		made := &release.Release{
			Name: "web", Namespace: "shop", Version: 3, Labels: map[string]string{"team": "a"}, Config: values,
			Info: &release.Info{Status: common.StatusDeployed, Description: "x"}, Manifest: "kind: A\n",
			Chart: &chartv2.Chart{Metadata: &chartv2.Metadata{Name: "c", Version: "1.0.0", APIVersion: "v2"}},
		}
		ours, theirs := fake.NewSimpleClientset().CoreV1().Secrets("shop"), fake.NewSimpleClientset().CoreV1().Secrets("shop")
		ctx := context.Background()
		store := DefaultReading(0).NewStore(ctx, ours, "shop")
		helm := driver.NewSecrets(theirs)
		for _, write := range []func(driver.Driver) error{
			func(into driver.Driver) error { return into.Create("sh.helm.release.v1.web.v3", made) },
			func(into driver.Driver) error { return into.Update("sh.helm.release.v1.web.v3", made) },
		} {
			if err := write(store); err != nil {
				t.Fatal(err)
			}
			if err := write(helm); err != nil {
				t.Fatal(err)
			}
			got, err := ours.Get(ctx, "sh.helm.release.v1.web.v3", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			wanted, err := theirs.Get(ctx, "sh.helm.release.v1.web.v3", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			gotText, wantedText := textOf(t, got.Data[payloadKey]), textOf(t, wanted.Data[payloadKey])
			if !bytes.Equal(gotText, wantedText) || got.Type != wanted.Type {
				t.Errorf("%d keys: the content of the record is not what Helm writes", keys)
			}
			for _, label := range []string{"name", "owner", "status", "version", "team"} {
				if got.Labels[label] != wanted.Labels[label] {
					t.Errorf("label %s is %q, Helm's %q", label, got.Labels[label], wanted.Labels[label])
				}
			}
		}
		if read, err := driver.NewSecrets(ours).Get("sh.helm.release.v1.web.v3"); err != nil || read.(*release.Release).Config["key-0"] != values["key-0"] {
			t.Errorf("Helm does not read it: %v", err)
		}
	}
}

func textOf(t *testing.T, payload []byte) []byte {
	t.Helper()
	content, err := unpackable(payload, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	text, err := content.text()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Values are written apart, and the text is that of encoding/json to the byte.
func TestTheTextOfARecordIsThatOfEncodingJSON(t *testing.T) {
	for name, config := range map[string]map[string]any{
		"no values": nil, "empty ones": {}, "some": {"b": "é<&>\u2028\xff", "a": []any{1, 1.5, nil, map[string]any{}}, "word": map[string]any{"x": nil}},
	} {
		made := &release.Release{Name: "rel", Namespace: "ns", Version: 3, Config: config, Manifest: "{\"word\":null}", Info: &release.Info{Notes: "n"}}
		wanted, err := json.Marshal(made)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := marshal(made); err != nil || !bytes.Equal(got, wanted) {
			t.Errorf("%s: %s, %v, not %s", name, got, err, wanted)
		}
	}
}
