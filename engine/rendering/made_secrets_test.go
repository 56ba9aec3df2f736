package rendering

import (
	"errors"
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
