package manifest

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestNumbersThatADoubleCannotHold(t *testing.T) {
	for number, beyond := range map[string]bool{
		"0": false, "-0": false, "1": false, "9007199254740992": false, "9007199254740993": true, "-9007199254740993": true,
		"12345678901234567890": true, "18446744073709551616": true, "0.1": false, "0.10": false, "1.50e+3": false, "100000000000000000000": false,
		"0.1000000000000000055511": true, "1e400": true, "-1e400": true, "1e-400": true, "1e99999999999": true, "5e-324": false,
	} {
		if got := beyondJavaScript(json.Number(number)); got != beyond {
			t.Errorf("%s: %v", number, got)
		}
	}
}

func TestPathsOfUnsafeNumbersAreTold(t *testing.T) {
	object := map[string]any{
		"text": "9007199254740993", "big": json.Number("9007199254740993"),
		"list": []any{json.Number("1"), map[string]any{"deep": json.Number("1e400")}},
	}
	safe, paths := safeNumbers(object)
	if want := [][]string{{"big"}, {"list", "1", "deep"}}; !reflect.DeepEqual(paths, want) {
		t.Errorf("paths %v", paths)
	}
	text, _ := json.Marshal(safe)
	if want := `{"big":"9007199254740993","list":[1,{"deep":"1e400"}],"text":"9007199254740993"}`; string(text) != want {
		t.Errorf("%s", text)
	}
}
