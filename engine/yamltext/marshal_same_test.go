package yamltext

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// TestMarshalWritesWhatTheLibraryWrites compares random values, line for line, because recorded texts are compared and
// sealed.
func TestMarshalWritesWhatTheLibraryWrites(t *testing.T) {
	for seed := range uint64(400) {
		random := rand.New(rand.NewPCG(seed, 0))
		value := map[string]any{"spec": randomValue(random, 5), "metadata": map[string]any{"name": "web"}}
		wanted, err := yaml.Marshal(value)
		if err != nil {
			t.Fatalf("seed %d: the library refuses %v: %v", seed, value, err)
		}
		if text, err := Marshal(value); err != nil || inAnyOrder(text) != inAnyOrder(wanted) {
			t.Fatalf("seed %d: %s instead of %s (%v)", seed, text, wanted, err)
		}
	}
}

// TestWhatWasWrittenIsKnownAsWhatIsRead compares the cached forms of written documents with the result of parsing them,
// as they are and as Helm records them.
func TestWhatWasWrittenIsKnownAsWhatIsRead(t *testing.T) {
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 1))
		text, err := Marshal(map[string]any{"metadata": map[string]any{"name": "web"}, "spec": randomValue(random, 1+int(seed%4))})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, document := range []string{string(text), "# Source: a/b.yaml\n" + string(text) + "\n"} {
			got, err := ToJSON(document)
			wanted, wrong := yaml.YAMLToJSON([]byte(document))
			if fmt.Sprint(err) != fmt.Sprint(wrong) || string(got) != string(wanted) {
				t.Fatalf("seed %d: %q is %s (%v), read it is %s (%v)", seed, document, got, err, wanted, wrong)
			}
		}
	}
}

// inAnyOrder sorts lines: the library's order of keys that mix digits and letters is not stable.
func inAnyOrder(text []byte) string {
	lines := strings.Split(strings.ReplaceAll(string(text), "- ", "  "), "\n")
	for index, line := range lines {
		lines[index] = strings.TrimSpace(line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func randomValue(random *rand.Rand, depth int) any {
	texts := []string{
		"", "a", "true", "no", "~", "null", "1", "0x1f", "1e3", "1_000", "0o7", "017", ".5", "-", "- a", "a: b", "a #b", "#", "&a", "*a", "!!int 1",
		"<<", "=", "2001-01-01", "12:30:45", "a\nb", "a\n", "\n a", " a ", "\ta", "a\t", "\u2028", "ä€😀", "<&>", "'", `"`, "\\", "{}", "[]", "%", "@", "|", ">", "?",
		"\x00", "\x1b", "long " + fmt.Sprint(make([]int, 60)),
	}
	numbers := []any{
		0, 1, -1, 1.5, -0.25, 1e21, 1e-7, 123456789012345678, json.Number("1e7"), json.Number("12345678901234567890"), json.Number("1.0"), json.Number("-0"),
		json.Number("123456789012345678901234567890"), json.Number("1E5"), json.Number("0.1e-300"), uint64(1 << 63), float64(1 << 40),
	}
	switch kind := random.IntN(6); {
	case depth > 0 && kind == 0:
		list := []any{}
		for range random.IntN(5) {
			list = append(list, randomValue(random, depth-1))
		}
		return list
	case depth > 0 && kind < 3:
		object := map[string]any{}
		for range random.IntN(8) {
			object[texts[random.IntN(len(texts))]] = randomValue(random, depth-1)
		}
		return object
	case kind == 3:
		return numbers[random.IntN(len(numbers))]
	case kind == 4:
		return []any{true, false, nil}[random.IntN(3)]
	default:
		return texts[random.IntN(len(texts))]
	}
}
