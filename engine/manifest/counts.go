package manifest

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"walm.io/engine/problem"
)

// counts are the fields below `spec` that contain numbers of pods.
var counts = []string{"replicas", "parallelism", "completions", "minReplicas", "maxReplicas"}

// CheckCounts refuses numbers of pods that a cluster cannot represent: of a number such as `1e+11`, which templates
// write for large values, the API server uses the lower 32 bits, so a different number would run. Error:
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

// numberOf parses a number; those that a double cannot hold are strings in a document.
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
