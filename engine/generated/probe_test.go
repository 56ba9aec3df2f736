package generated

import (
	"testing"
	"time"
)

// TestPlaceholdersLookLikeWhatIsGenerated calls each generator as it is and as a probe does.
func TestPlaceholdersLookLikeWhatIsGenerated(t *testing.T) {
	authority := Certificate{}
	for _, one := range []struct {
		name  string
		args  []any
		other []any
	}{
		{"randAlphaNum", []any{16}, []any{17}},
		{"randAlpha", []any{16}, []any{17}},
		{"randNumeric", []any{16}, []any{17}},
		{"randAscii", []any{16}, []any{17}},
		{"randBytes", []any{16}, []any{17}},
		{"uuidv4", nil, nil},
		{"shuffle", []any{"abcdefgh"}, []any{"bbcdefgh"}},
		{"bcrypt", []any{"a"}, []any{"b"}},
		{"htpasswd", []any{"u", "a"}, []any{"u", "b"}},
		{"encryptAES", []any{"key", "sixteen letters "}, []any{"key", "other"}},
		{"genPrivateKey", []any{"ecdsa"}, []any{"ed25519"}},
		{"genCA", []any{"cn", 3}, []any{"cn", 4}},
		{"genSelfSignedCert", []any{"cn", nil, []any{"a"}, 3}, []any{"cn", nil, []any{"b"}, 3}},
		{"genSignedCert", []any{"cn", nil, nil, 3, &authority}, []any{"other", nil, nil, 3, &authority}},
	} {
		t.Run(one.name, func(t *testing.T) {
			for index, arg := range one.args {
				if arg == any(&authority) {
					one.args[index], one.other[index] = authority, authority
				}
			}
			fresh, err := call(one.name, one.args)
			if err != nil {
				t.Fatal(err)
			}
			if one.name == "genCA" {
				authority, _ = fresh.(Certificate)
			}
			plain, marks := newProbe(true, time.Now()), newProbe(false, time.Now())
			answers := func(of *probe) (first, second, other any) {
				first, _ = of.answer(one.name, one.args)
				second, _ = of.answer(one.name, one.args)
				other, _ = of.answer(one.name, one.other)
				return first, second, other
			}
			if first, second, other := answers(plain); first != second || (first == other && one.other != nil) {
				t.Errorf("memoryless: %v, %v, %v", first, second, other)
			}
			first, second, _ := answers(marks)
			if first == second {
				t.Errorf("calls cannot be told apart: %v", first)
			}
			made := marks.calls[0]
			for part, text := range made.texts(fresh) {
				if length := made.parts[part].measure(text + " and more"); length != len(text) {
					t.Errorf("of %q, %d characters were recognised", text, length)
				}
			}
			if again := made.result(func(part int) string { return made.texts(fresh)[part] }); again != fresh {
				t.Errorf("%v is not %v", again, fresh)
			}
			found := newReader(marks.calls).segments("a " + made.parts[0].text + "\n")
			if len(tokensOf(found)) != 1 || *found[1].token != (reference{0, 0}) {
				t.Errorf("%+v", found)
			}
		})
	}
}

func TestWrongArgumentsAreRefusedAsEver(t *testing.T) {
	for name, args := range map[string][]any{"randAlphaNum": {"many"}, "uuidv4": {1}, "randInt": {1.5, 2}} {
		wanted := newProbe(true, time.Now())
		if _, err := wanted.answer(name, args); name != "uuidv4" && err == nil {
			t.Errorf("%s accepts %v", name, args)
		}
		if _, err := (&replay{}).answer(name, args); err == nil {
			t.Errorf("%s accepts %v", name, args)
		}
	}
}
