package rendering

import (
	"testing"
)

func TestValuesOfOthersAreTexts(t *testing.T) {
	page := func(word string) map[string]string { return map[string]string{"t.yaml": word} }
	object := func(word string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: " + word + "\n  b: |\n    to=" + word + "\n"
	}
	flow := func(word string) string { return "kind: Pod\nspec: {a: [{name: n, value: " + word + "}], b: c}\n" }
	drawn := func(word, drawn string) string { return object(word) + "  c: " + drawn + "\n" }
	same := ""
	for name, one := range map[string]struct {
		real, once, twice, again string
		refused                  bool
	}{
		"a text":                            {object(`say "hello"`), object("xxx"), object("yyy"), same, false},
		"a text in a text":                  {"a: {b: \"one\\ntwo\"}", "a: {b: xxx}", "a: {b: yyy}", same, false},
		"a hash of it":                      {"a: 1f", "a: 2f", "a: 3f", same, false},
		"another document":                  {object("x\n---\nkind: Role"), object("xxx"), object("yyy"), same, true},
		"another field":                     {object("x\nkey: value"), object("xxx"), object("yyy"), same, true},
		"another field in a flow":           {flow("a}], evil: [{b: c"), flow("xxx"), flow("yyy"), same, true},
		"an entry":                          {flow("a}, {name: evil"), flow("xxx"), flow("yyy"), same, true},
		"a field that there is twice":       {"kind: ConfigMap\na: x\n", "kind: Secret\na: xxx\n", "kind: Secret\na: yyy\n", "kind: ConfigMap\na: x\n", true},
		"a number":                          {"a: 5\n", "a: xxx\n", "a: yyy\n", same, true},
		"nothing":                           {"a: null\n", "a: xxx\n", "a: yyy\n", same, true},
		"an object":                         {"a: {b: c}\n", "a: xxx\n", "a: yyy\n", same, true},
		"a branch of the template":          {object("x") + "---\nkind: Secret\n", object("xxx"), object("yyy"), same, true},
		"what changes by itself":            {drawn("x y", "one"), drawn("xxx", "two"), drawn("yyy", "two"), drawn("x y", "three"), false},
		"what does not change by itself":    {drawn("x y", "one"), drawn("xxx", "two"), drawn("yyy", "two"), drawn("x y", "one"), true},
		"not an object in any rendering":    {"- a\n", "- a\n", "- a\n", same, false},
		"not YAML in one of the renderings": {"a: \"b\n", "a: xxx\n", "a: yyy\n", same, true},
	} {
		again := page(one.again)
		if one.again == same {
			again = page(one.real)
		}
		err := shapingOf(page(one.real), [2]map[string]string{page(one.once), page(one.twice)}, again)
		if (err != nil) != one.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}
