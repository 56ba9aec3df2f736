package action

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/client"
	"walm.io/engine/jsontext/jsontest"
)

// mergeKeyRules are the merge keys of kinds by `apiVersion/kind`. The server's own tests take them for the cluster's:
// server/domain/patch/strategic-merge.test.ts.
const mergeKeyRules = "../testdata/rules/merge-keys.json"

func TestMergeKeysAreThoseThatTheClusterDescribes(t *testing.T) {
	services := testServices(t, nil)
	text, err := os.ReadFile(mergeKeyRules)
	if err != nil {
		t.Fatal(err)
	}
	var rules map[string]client.MergeKeys
	if err := json.Unmarshal(text, &rules); err != nil {
		t.Fatal(err)
	}
	if len(rules) == 0 {
		t.Fatal("there is no kind")
	}
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		at := strings.LastIndex(name, "/")
		kind := schema.FromAPIVersionAndKind(name[:at], name[at+1:])
		found, err := services.Cluster.MergeKeys(t.Context(), []schema.GroupVersionKind{kind})
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %v, %v", name, found, err)
		}
		if !maps.Equal(found[0], rules[name]) {
			t.Errorf("the cluster merges lists of %s so:\n%s", name, jsontest.Of(t, found[0]))
		}
	}
}

func TestKindsThatDoNotComeWithKubernetesHaveNoMergeKeys(t *testing.T) {
	services := testServices(t, nil)
	kinds := []schema.GroupVersionKind{
		{Group: "example.test", Version: "v1", Kind: "Web"},
		{Group: "apps", Version: "v1", Kind: "Web"},
		{Group: "apps", Version: "v9", Kind: "Deployment"},
		{Group: "walm.io", Version: "v1", Kind: "ReleaseConfig"},
	}
	found, err := services.Cluster.MergeKeys(t.Context(), kinds)
	if err != nil || len(found) != len(kinds) {
		t.Fatalf("%v, %v", found, err)
	}
	for at, keys := range found {
		if len(keys) > 0 {
			t.Errorf("%s: %v", kinds[at], keys)
		}
	}
}
