package excerpt

import "testing"

func TestATextIsCutAtTheEndOfALetter(t *testing.T) {
	for _, test := range []struct {
		text     string
		maxBytes int
		want     string
	}{
		{"", 0, ""}, {"short", 5, "short"}, {"longer", 4, "long…"}, {"aü", 2, "a…"}, {"aü", 3, "aü"}, {"ü", 0, "…"},
	} {
		if got := Of(test.text, test.maxBytes); got != test.want {
			t.Errorf("%q of %d bytes: %q", test.text, test.maxBytes, got)
		}
	}
}
