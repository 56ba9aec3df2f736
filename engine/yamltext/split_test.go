package yamltext

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

func TestSplitGivesTheDocumentsThatHelmGives(t *testing.T) {
	pieces := []string{"---", "-", "\n", " ", "\t", "\r", "a: 1", "# Source: x", "\u00a0", "\v", "|", "--- ", "\n---\n", "\n---", "é", "---\r\n"}
	random := rand.New(rand.NewPCG(3, 5))
	for range 50_000 {
		var stream strings.Builder
		for range random.IntN(12) {
			stream.WriteString(pieces[random.IntN(len(pieces))])
		}
		found := releaseutil.SplitManifests(stream.String())
		wanted := make([]string, 0, len(found))
		for index := range len(found) {
			wanted = append(wanted, found[fmt.Sprintf("manifest-%d", index)])
		}
		if got := Split(stream.String()); !slices.Equal(got, wanted) {
			t.Fatalf("%q gives %q, Helm %q", stream.String(), got, wanted)
		}
	}
}
