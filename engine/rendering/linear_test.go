package rendering

import (
	"fmt"
	"math"
	"strings"
	"syscall"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/manifest"
)

var manifests int

// manifestOf is a manifest of so many small objects, none of which was read before: what was is remembered.
func manifestOf(objects int) string {
	manifests++
	var text strings.Builder
	for index := range objects {
		fmt.Fprintf(&text, "---\n# Source: web/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c%d\n  labels: {a: b}\ndata:\n  x: y%d\n", index, manifests)
	}
	return text.String()
}

// The cost of a record grows in proportion to its size, not quadratically: ten times the documents would take a hundred
// times as long. Three times the linear cost is allowed, for other work on the machine.
func TestWhatARecordCostsGrowsWithItsSize(t *testing.T) {
	namespaced := func(schema.GroupKind) bool { return true }
	leaves := func(count int) (map[string]any, []OutputSecret) {
		outputs, secrets := map[string]any{}, []OutputSecret{}
		for index := range count {
			key := fmt.Sprint("k", index)
			outputs[key] = "hunter2"
			secrets = append(secrets, OutputSecret{Path: []string{key}, Parts: []map[string]any{{"text": "x"}}})
		}
		return map[string]any{"outputConfig": outputs}, secrets
	}
	for name, test := range map[string]struct {
		// few takes at least some milliseconds: below that the garbage collector dominates.
		few  int
		work func(count int)
	}{
		"documents of a manifest": {1000, func(count int) { manifest.DocumentsOf(manifestOf(count), "demo", namespaced) }},
		"entries of a manifest":   {1000, func(count int) { manifest.EntriesOfManifest(manifestOf(count)).Documents("demo", namespaced) }},
		"added documents": {1000, func(count int) {
			entries := manifest.EntriesOfManifest(manifestOf(count))
			for _, added := range manifest.EntriesOfManifest(manifestOf(200)) {
				entries = entries.WithAdded(added)
			}
		}},
		"hidden outputs": {5000, func(count int) {
			spec, secrets := leaves(count)
			if err := hideLeaves(spec, secrets); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			test.work(100)
			few, many := cheapest(test.work, test.few), cheapest(test.work, 10*test.few)
			t.Logf("%s for %d, %s for ten times as many", few, test.few, many)
			if many > 30*few {
				t.Errorf("%d took %s of the processor, ten times as many took %s", test.few, few, many)
			}
		})
	}
}

// cheapest is what the best of three runs took of the processor: what else the machine does, and how fast it is, makes no
// difference to how two of them compare.
func cheapest(work func(int), count int) time.Duration {
	best := time.Duration(math.MaxInt64)
	for range 3 {
		before := processorTime()
		work(count)
		best = min(best, processorTime()-before)
	}
	return best
}

// processorTime is what this process has used of the processor until now.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
