package yamltext

import (
	"testing"

	"sigs.k8s.io/yaml"
)

func TestEveryCharacterCanBeReadAgain(t *testing.T) {
	for char := rune(0); char <= 0x10FFFF; char++ {
		if char >= 0xD800 && char < 0xE000 {
			continue
		}
		if char > 0x2100 && char < 0xFDFF || char > 0x10010 && char < 0x10FFF0 {
			continue
		}
		given := map[string]string{"a" + string(char): "b" + string(char) + "c"}
		text, err := Marshal(given)
		if err != nil {
			t.Fatalf("U+%04X: %v", char, err)
		}
		var read map[string]string
		if err := yaml.Unmarshal(text, &read); err != nil {
			t.Fatalf("U+%04X: %v", char, err)
		}
		for key, value := range given {
			if read[key] != value {
				t.Errorf("U+%04X is read as %q", char, read)
			}
		}
	}
}

func TestOtherTextsAreWrittenAsBefore(t *testing.T) {
	value := map[string]any{"a": []any{1, "x\ny", "ä€😀", true, nil}, "b": map[string]any{"c": "\u2028"}}
	wanted, err := yaml.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := Marshal(value); err != nil || string(text) != string(wanted) {
		t.Errorf("%s, %v", text, err)
	}
}
