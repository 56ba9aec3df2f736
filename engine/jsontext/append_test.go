package jsontext

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestWhatIsWrittenIsWhatEncodingJSONWrites(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	for range 20_000 {
		value := anyValue(random, 4)
		got, err := Marshal(value)
		want, wrong := json.Marshal(value)
		if (err == nil) != (wrong == nil) {
			t.Fatalf("%#v: %v, want %v", value, err, wrong)
		}
		if err == nil && string(got) != string(want) {
			t.Fatalf("%#v\n%s\nwant\n%s", value, got, want)
		}
	}
}

func TestSameIsSaidOfWhatIsWrittenTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 17))
	said := 0
	for range 50_000 {
		a, b := anyValue(random, 2), anyValue(random, 2)
		left, leftErr := json.Marshal(a)
		right, rightErr := json.Marshal(b)
		same := leftErr == nil && rightErr == nil && string(left) == string(right)
		if got := Same(a, b); got && !same {
			t.Fatalf("%s and %s are called the same", left, right)
		} else if got {
			said++
		}
		if leftErr == nil && !Same(a, a) {
			t.Fatalf("%s is not called the same as itself", left)
		}
	}
	if said == 0 {
		t.Error("no two values were the same")
	}
}

func TestWhatContainsItselfIsRefused(t *testing.T) {
	loop := map[string]any{}
	loop["again"] = map[string]any{"loop": loop}
	if _, err := Marshal(loop); err == nil {
		t.Error("values that contain themselves were written")
	}
	deep := any("end")
	for range 3 * deepest {
		deep = []any{deep}
	}
	got, err := Marshal(deep)
	if want, _ := json.Marshal(deep); err != nil || string(got) != string(want) {
		t.Errorf("what nests deep is written otherwise: %v", err)
	}
}

func anyValue(random *rand.Rand, depth int) any {
	switch random.IntN(12) {
	case 0:
		return nil
	case 1:
		return random.IntN(2) == 0
	case 2:
		return []any{0.0, 1.5, -1e21, 1e-7, math.MaxFloat64, float64(1 << 53), math.NaN()}[random.IntN(7)]
	case 3:
		return []any{int64(math.MaxInt64), 5, uint8(7), json.Number("1.50"), json.Number("x"), map[string]any(nil), []any(nil), []string{"<"}}[random.IntN(8)]
	case 4, 5, 6:
		if depth == 0 {
			return anyText(random)
		}
		object := map[string]any{}
		for range random.IntN(5) {
			object[anyText(random)] = anyValue(random, depth-1)
		}
		return object
	case 7:
		if depth == 0 {
			return anyText(random)
		}
		items := []any{}
		for range random.IntN(4) {
			items = append(items, anyValue(random, depth-1))
		}
		return items
	default:
		return anyText(random)
	}
}

func anyText(random *rand.Rand) string {
	pieces := []string{"a", "Z", "key-1", " ", "<", ">", "&", `"`, `\`, "/", "\n", "\x00", "\x1f", "\x7f", "é", "\u2028", "\u2029", "\ufffd", "\xff", "😀", "~"}
	var text strings.Builder
	for range random.IntN(6) {
		text.WriteString(pieces[random.IntN(len(pieces))])
	}
	return text.String()
}

func BenchmarkValues(b *testing.B) {
	values := map[string]any{}
	for at := range 100 {
		group := map[string]any{}
		for key := range 200 {
			group["key-"+string(rune('a'+key%26))+strings.Repeat("x", key%9)+string(rune('0'+key%10))] = "text-1-4294967296"
		}
		values["g"+string(rune('0'+at%10))+string(rune('0'+at/10))] = group
	}
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			_, _ = Marshal(values)
		}
	})
	b.Run("theirs", func(b *testing.B) {
		for b.Loop() {
			_, _ = json.Marshal(values)
		}
	})
}
