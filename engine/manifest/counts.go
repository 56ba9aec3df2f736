package manifest

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"walm.io/engine/problem"
)

// counts are the fields below `spec` that say how many there are to be.
var counts = []string{"replicas", "parallelism", "completions", "minReplicas", "maxReplicas"}

// CheckCounts refuses numbers of pods that a cluster cannot hold: of a number as `1e+11`, which is what templates write
// for large values, the API server takes the last 32 bits, and another number runs than was asked for. Error:
// MANIFEST_INVALID.
func CheckCounts(documents []Document) error {
	for _, document := range documents {
		if group := document.GroupKind().Group; strings.Contains(group, ".") && !strings.HasSuffix(group, ".k8s.io") {
			continue
		}
		spec := MapAt(document.Object, "spec")
		for _, field := range counts {
			count, ok := numberOf(spec[field])
			if !ok || math.Abs(count) <= math.MaxInt32 {
				continue
			}
			refused := problem.New(problem.ManifestInvalid, "spec.%s of %s %s is %s: at most %d can be asked for (%s)",
				field, document.Kind, document.Name, strconv.FormatFloat(count, 'f', -1, 64), math.MaxInt32, document.Source).
				About(document.Ref()).With("file", document.Source)
			refused.Field = "spec." + field
			return refused
		}
	}
	return nil
}

// numberOf reads a number; those that a double cannot hold are texts in a document.
func numberOf(value any) (float64, bool) {
	switch value := value.(type) {
	case float64:
		return value, true
	case int64:
		return float64(value), true
	case json.Number:
		number, err := value.Float64()
		return number, err == nil
	case string:
		number, err := strconv.ParseFloat(value, 64)
		return number, err == nil
	}
	return 0, false
}
