package manifest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"walm.io/engine/yamltext"
)

// manyValues are more than what is written twice.
func manyValues() map[string]any {
	groups := []any{}
	for index := range 2000 {
		groups = append(groups, map[string]any{"name": fmt.Sprint("group-", index), "text": strings.Repeat("x", 30), "number": 7.0, "none": nil})
	}
	return map[string]any{"groups": groups, "login": map[string]any{"user": "u", "password": "hunter2"}, "url": "https://u:hunter2@h"}
}

// changed gives a copy of values with another value at a path.
func changed(t *testing.T, values any, with any, path ...string) any {
	t.Helper()
	text, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	var copied map[string]any
	if err := json.Unmarshal(text, &copied); err != nil {
		t.Fatal(err)
	}
	MapAt(copied, path[:len(path)-1]...)[path[len(path)-1]] = with
	return copied
}

func configWith(values any) map[string]any {
	config := ownReleaseConfig()
	config["metadata"].(map[string]any)["annotations"] = map[string]any{factsAnnotation: factsWhole}
	config["spec"].(map[string]any)["configValues"] = values
	return config
}

// What is left out of a ReleaseConfig comes back out of the record, whatever was hidden in it; what cannot be told by the record
// stays.
func TestValuesOfTheRecordAreNotWrittenTwice(t *testing.T) {
	for name, test := range map[string]struct {
		shown any
		left  bool
	}{
		"the same":             {manyValues(), true},
		"a secret":             {changed(t, manyValues(), "***", "login", "password"), true},
		"a secret in a text":   {changed(t, manyValues(), "https://u:***@h", "url"), true},
		"a hidden part":        {changed(t, manyValues(), "***", "login"), true},
		"a hidden list":        {changed(t, manyValues(), "***", "groups"), false},
		"another number":       {changed(t, manyValues(), 8.0, "more"), false},
		"one key less":         {changed(t, manyValues(), map[string]any{"user": "u"}, "login"), false},
		"an empty list":        {changed(t, manyValues(), []any{}, "url"), false},
		"null for a text":      {changed(t, manyValues(), nil, "url"), false},
		"few":                  {map[string]any{"a": "b"}, false},
		"none":                 {nil, false},
		"no map":               {"text", false},
		"too many are hidden":  {hiddenGroups(t, maxShown+1), false},
		"as many as there may": {hiddenGroups(t, maxShown), true},
	} {
		t.Run(name, func(t *testing.T) {
			given := configWith(test.shown)
			before := changed(t, given, "kept", "kept")
			bare := WithoutRecorded(given, manyValues())
			if after := changed(t, given, "kept", "kept"); !reflect.DeepEqual(before, after) {
				t.Error("the given ReleaseConfig was changed")
			}
			text, err := yamltext.Marshal(bare)
			if err != nil {
				t.Fatal(err)
			}
			read, err := ParseObject(string(text))
			if err != nil {
				t.Fatal(err)
			}
			whole, left := WithRecorded(read, manyValues())
			if left != test.left || (left && len(text) > recordedBytes*2) {
				t.Errorf("left out: %v, %d bytes written", left, len(text))
			}
			if wanted, got := changed(t, given, "", "x"), changed(t, whole, "", "x"); !reflect.DeepEqual(got, wanted) {
				t.Error("it did not come back as it was")
			}
		})
	}
}

func hiddenGroups(t *testing.T, count int) any {
	values := changed(t, manyValues(), "", "x").(map[string]any)
	delete(values, "x")
	for _, group := range values["groups"].([]any)[:count] {
		group.(map[string]any)["text"] = "***"
	}
	return values
}

// Only Walm's own are read like this, and hostile ones give nothing that is not in the record.
func TestOddReleaseConfigsGiveNoMoreThanTheRecord(t *testing.T) {
	values := map[string]any{"a": map[string]any{"b": "c"}, "list": []any{"x"}}
	odd := func(shown any, version string) map[string]any {
		config := configWith(map[string]any{})
		config["metadata"].(map[string]any)["annotations"] = map[string]any{factsAnnotation: version}
		config["spec"].(map[string]any)[shownField] = shown
		return config
	}
	text := func(path ...any) map[string]any { return map[string]any{"path": path, "text": "***"} }
	for name, test := range map[string]struct{ shown, wanted any }{
		"nothing hidden":      {nil, values},
		"no list":             {"text", values},
		"a path to nowhere":   {[]any{text("no", "such")}, values},
		"too long a path":     {[]any{text("a", "b", "c")}, map[string]any{"a": map[string]any{"b": ""}, "list": []any{"x"}}},
		"out of a list":       {[]any{text("list", "7"), text("list", "-1"), text("list", "x")}, values},
		"no text":             {[]any{map[string]any{"path": []any{"a"}}}, map[string]any{"a": "", "list": []any{"x"}}},
		"no path":             {[]any{7.0}, ""},
		"keys of other types": {[]any{text(7.0)}, values},
	} {
		t.Run(name, func(t *testing.T) {
			whole, _ := WithRecorded(odd(test.shown, factsRecorded), values)
			if got := MapAt(whole, "spec")["configValues"]; !reflect.DeepEqual(got, test.wanted) {
				t.Errorf("got %v", got)
			}
		})
	}
	if whole, left := WithRecorded(odd(nil, "v3"), values); left || len(MapAt(whole, "spec", "configValues")) > 0 {
		t.Error("another version was read")
	}
	if whole, _ := WithRecorded(odd(nil, factsRecorded), nil); MapAt(whole, "spec")["configValues"] == nil {
		t.Error("no values became null")
	}
}
