package yamltext

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"sigs.k8s.io/yaml"
)

func TestToJSONGivesWhatTheLibraryGivesWheneverItIsAsked(t *testing.T) {
	documents := []string{
		"a: 1\nb: [x, 1e7, 0x10, ~, true, \"1\"]\n", "null", "", "# nothing\n", "- 1\n- 2\n", "1: a\ntrue: b\n",
		"a: &x {b: 1}\nc: *x\n", "a: 12345678901234567890\n", "a: 1\na: 2\n",
	}
	for range 3 {
		for _, document := range documents {
			wanted, wantedErr := yaml.YAMLToJSON([]byte(document))
			got, err := ToJSON(document)
			if !bytes.Equal(got, wanted) || fmt.Sprint(err) != fmt.Sprint(wantedErr) {
				t.Errorf("%q gives %s (%v), the library %s (%v)", document, got, err, wanted, wantedErr)
			}
		}
	}
	if _, err := ToJSON("a: ["); err == nil {
		t.Error("what is not YAML is none the second time, too")
	}
}

func TestToJSONRemembersNoMoreThanItsBudget(t *testing.T) {
	few := forms{budget: 64 << 10, young: map[string][]byte{}}
	var work sync.WaitGroup
	for worker := range 4 {
		work.Go(func() {
			for i := range 100 {
				document := fmt.Sprintf("n%d: %q\n", i, strings.Repeat(string(rune('a'+worker)), 1<<10))
				if _, err := few.of(document); err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	held := 0
	for _, generation := range []map[string][]byte{few.young, few.old} {
		for document, form := range generation {
			held += len(document) + len(form)
		}
	}
	if held > 2*few.budget || held < few.budget/2 {
		t.Errorf("%d bytes are remembered, %d at most are allowed", held, 2*few.budget)
	}
	if few.put("k", make([]byte, few.budget)); few.young["k"] != nil {
		t.Error("a document that is larger than its share is remembered")
	}
}

func TestFillGivesWhatReadingGives(t *testing.T) {
	const word = "seal-0123456789abcdef"
	documents := []string{
		"a: 1\nmetadata:\n  annotations:\n    walm.io/seal: %s\n    z: 1e3\n", "a: x\nb: {c: %s}\n", "a: %s\nb: %[1]s\n", "%s: 1\n",
		"a: |\n  b: %s\nc: 1\n", "- a: %s\n", "a: 'b: %s\n  c'\n", "# b: %s\na: 1\n",
	}
	for _, text := range []string{"v1.k_1.A-b_c", "1e5", "true", "12", "~", "0x1f", "2001-01-01", "a#b", "-", "a.b", "", "a\n"} {
		memory := forms{budget: 1 << 20, young: map[string][]byte{}}
		for _, document := range documents {
			_, _ = memory.of(fmt.Sprintf(document, word))
		}
		memory.fill(word, text)
		for _, document := range documents {
			document = fmt.Sprintf(document, text)
			wanted, wantedErr := yaml.YAMLToJSON([]byte(document))
			got, err := memory.of(document)
			if string(got) != string(wanted) || fmt.Sprint(err) != fmt.Sprint(wantedErr) {
				t.Errorf("%q gives %s (%v), the library %s (%v)", document, got, err, wanted, wantedErr)
			}
		}
		if _, found := memory.young[fmt.Sprintf(documents[0], "v1.k_1.A-b_c")]; found != (text == "v1.k_1.A-b_c") {
			t.Errorf("with %q it is %v that the document is known", text, found)
		}
	}
}
