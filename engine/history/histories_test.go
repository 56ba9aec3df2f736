package history

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/record"
)

// The server judges these histories as well: server/domain/revisions/applied-revision.test.ts reads the same files.
func readRules(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile("../testdata/rules/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// historyOf reads `1 deployed; 2 failed`, each with an optional description after an equals sign.
func historyOf(t *testing.T, text string) []*release.Release {
	t.Helper()
	revisions := []*release.Release{}
	for _, entry := range slices.DeleteFunc(strings.Split(text, "; "), func(entry string) bool { return entry == "" }) {
		head, description, _ := strings.Cut(entry, " = ")
		number, status, _ := strings.Cut(head, " ")
		version, err := strconv.Atoi(number)
		if err != nil || !slices.Contains(record.Statuses, common.Status(status)) {
			t.Fatalf("%q is not a revision", entry)
		}
		info := &release.Info{Status: common.Status(status), Description: description}
		revisions = append(revisions, &release.Release{Version: version, Info: info})
	}
	return revisions
}

func TestHistoriesAreJudgedAsTheServerDoes(t *testing.T) {
	type judged struct {
		History                    string
		Applied, Deployed, Present int
		Free                       bool
	}
	var rules []judged
	readRules(t, "histories", &rules)
	if len(rules) == 0 {
		t.Fatal("there is no history")
	}
	numberOf := func(revision *release.Release) int {
		if revision == nil {
			return 0
		}
		return revision.Version
	}
	for _, wanted := range rules {
		revisions := historyOf(t, wanted.History)
		got := judged{
			History: wanted.History, Free: IsFree(revisions), Applied: numberOf(AppliedOf(revisions)),
			Deployed: numberOf(Deployed(revisions)), Present: numberOf(Present(revisions)),
		}
		if got != wanted {
			t.Errorf("got  %+v\nwant %+v", got, wanted)
		}
	}
}

func TestStatusesAreThoseThatTheServerKnows(t *testing.T) {
	var rules map[common.Status]bool
	readRules(t, "statuses", &rules)
	for _, status := range record.Statuses {
		if underWay, known := rules[status]; !known || underWay != IsInProgress(status) {
			t.Errorf("%s: the server knows it %t, under way %t", status, known, underWay)
		}
	}
	if len(rules) != len(record.Statuses) {
		t.Errorf("the server knows %d, and there are %d", len(rules), len(record.Statuses))
	}
}
