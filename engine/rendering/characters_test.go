package rendering

import (
	"testing"

	"sigs.k8s.io/yaml"

	"walm.io/engine/problem"
)

func TestCharactersThatYAMLDoesNotAllowAreFound(t *testing.T) {
	for character := rune(0); character < 0x300; character++ {
		wantSameAsYAML(t, character)
	}
	for _, character := range []rune{0x2028, 0xD7FF, 0xE000, 0xFEFF, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF} {
		wantSameAsYAML(t, character)
	}
}

// wantSameAsYAML compares the rule with what Helm's parser accepts.
func wantSameAsYAML(t *testing.T, character rune) {
	t.Helper()
	text := "a: x\nb: \"y" + string(character) + "z\"\n"
	err := checkCharacters(map[string]string{"web/templates/a.yaml": text})
	var parsed any
	// Within quotes any other character can stand, except those that end or escape them.
	if invalid := yaml.Unmarshal([]byte(text), &parsed); character != '"' && character != '\\' && (invalid != nil) != (err != nil) {
		t.Errorf("%U: YAML says %v, the check %v", character, invalid, err)
	}
	if refused, found := problem.From(err); found && (refused.Details["file"] != "web/templates/a.yaml" || refused.Details["line"] != 2) {
		t.Errorf("%U: %+v", character, refused.Details)
	}
}

func TestFilesThatHelmDoesNotParseMayHaveAnyCharacter(t *testing.T) {
	if err := checkCharacters(map[string]string{"web/templates/_helpers.tpl": "\x00", "web/templates/NOTES.txt": "\x7f"}); err != nil {
		t.Error(err)
	}
}
