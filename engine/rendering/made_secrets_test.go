package rendering

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"walm.io/engine/problem"
)

func TestErrorsQuoteNothingThatAChartPutIntoSecrets(t *testing.T) {
	op := &Host{}
	op.learnSecrets(map[string]string{
		"made.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: elsewhere}\nstringData: {a: 'can\"ary', user: root, port: '5432'}\n" +
			"---\napiVersion: v1\nkind: Secret\nmetadata: {name: y}\ndata: {b: Y2FuYXJ5LXR3bw==}\n",
		"other.yaml": "kind: ConfigMap\napiVersion: v1\ndata: {c: nothing-secret}\n",
	})
	text := `root said can"ary, "can\"ary", canary-two and Y2FuYXJ5LXR3bw== to nothing-secret at 5432`
	want := `root said ***, "***", *** and *** to nothing-secret at 5432`

	found, ok := problem.From(op.WithoutMade(problem.New(problem.ManifestInvalid, "%s", text).With("errors", []string{text})))
	if !ok || found.Message != want {
		t.Fatalf("got %v", found)
	}
	if reported, _ := found.Details["errors"].([]any); len(reported) != 1 || reported[0] != want {
		t.Fatalf("got details %v", found.Details)
	}

	surprise := errors.New(text)
	masked := op.WithoutMade(surprise)
	if masked.Error() != want || !errors.Is(masked, surprise) {
		t.Fatalf("got %v", masked)
	}
	for err := masked; err != nil; err = errors.Unwrap(err) {
		if strings.Contains(err.Error(), "ary") {
			t.Fatalf("the chain tells %v", err)
		}
	}
	if op.WithoutMade(nil) != nil {
		t.Fatal("nothing became an error")
	}
}

func TestAWordInASecretIsMaskedWhereItIsAWholeString(t *testing.T) {
	op := &Host{Namespace: "demo", Name: "web"}
	op.learnSecrets(map[string]string{
		"made.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {a: letmein, b: web, c: 'true', d: '8080', e: a1b}\n",
	})
	text := "letmein is not web"
	failure := problem.New(problem.ManifestInvalid, "%s", text).With("owner", map[string]string{"name": "web"}).
		With("values", []string{"letmein", "bGV0bWVpbg==", "a1b", "true", "8080", text})
	found, ok := problem.From(op.WithoutMade(failure))
	if !ok || found.Message != text {
		t.Fatalf("got %v", found)
	}
	got, _ := json.Marshal(found.Details)
	want := `{"owner":{"name":"web"},"values":["***","***","***","true","8080","letmein is not web"]}`
	if string(got) != want {
		t.Fatalf("got details %s", got)
	}
}

func TestTextsInSecretsAreJudgedAsTheServerDoes(t *testing.T) {
	content, err := os.ReadFile("../testdata/rules/secret-texts.json")
	if err != nil {
		t.Fatal(err)
	}
	var rules map[string]string
	if err := json.Unmarshal(content, &rules); err != nil || len(rules) == 0 {
		t.Fatal(err, rules)
	}
	names := map[secrecy]string{openly: "ordinary", whole: "whole", everywhere: "everywhere"}
	for text, wanted := range rules {
		if got := names[secrecyOf(text)]; got != wanted {
			t.Errorf("%q is %s, and not %s", text, got, wanted)
		}
	}
}
