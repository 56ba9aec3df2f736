package registry

import (
	"bytes"
	"regexp"

	"walm.io/engine/chart"
)

// maxIndexNodes bounds the cost of parsing an index; the largest public ones have about a million.
const maxIndexNodes = 4_000_000

// aliasLike finds possible YAML aliases. Generated indexes have none, so the exact and costlier check is made for
// hand-written ones only.
var aliasLike = regexp.MustCompile(`(?m)(?:^|[\s\[,{:-])\*[^\s,\[\]{}*]+\s*(?:$|[,\]}])`)

// checkIndexShape refuses an index that would cost far more than its size, before it is parsed.
func checkIndexShape(data []byte, shown string) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return indexInvalid(shown, "it is empty")
	}
	nodes := 0
	for _, separator := range []string{"\n", ",", "[", "{"} {
		nodes += bytes.Count(data, []byte(separator))
	}
	if nodes > maxIndexNodes {
		return indexInvalid(shown, "it has too many entries")
	}
	if !aliasLike.Match(data) {
		return nil
	}
	limits := chart.DefaultLimits()
	limits.YAMLNodes = maxIndexNodes
	if err := chart.CheckYAML("index.yaml", data, limits); err != nil {
		return indexInvalid(shown, err.Error())
	}
	return nil
}
