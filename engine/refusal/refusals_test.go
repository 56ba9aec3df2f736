package refusal

import (
	"cmp"
	"encoding/json"
	"os"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/problem"
)

// The server has rules of its own for the answers of the API server to what it sends itself:
// server/adapters/kube/client/problem-of.test.ts reads the same file.
func TestRefusalsHaveTheCodesThatTheServerGivesThem(t *testing.T) {
	text, err := os.ReadFile("../testdata/rules/refusals.json")
	if err != nil {
		t.Fatal(err)
	}
	type refusal struct {
		Code, Engine problem.Code
		Answer       metav1.Status
	}
	var rules struct{ Same, Apart []refusal }
	if err := json.Unmarshal(text, &rules); err != nil {
		t.Fatal(err)
	}
	if len(rules.Same) == 0 || len(rules.Apart) == 0 {
		t.Fatal("rules are missing")
	}
	for _, one := range append(rules.Same, rules.Apart...) {
		answer := &apierrors.StatusError{ErrStatus: one.Answer}
		found := OfCluster(answer)
		if found == nil {
			found = OfOddAnswer(answer)
		}
		if want := cmp.Or(one.Code, one.Engine); found == nil || found.Code != want {
			t.Errorf("%s: %v, and not %s", one.Answer.Message, found, want)
		}
	}
}
