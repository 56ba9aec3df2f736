package registry

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync/atomic"
	"testing"

	"walm.io/engine/fair"
)

const searched = `apiVersion: v1
entries:
  kafka-ui: [{name: kafka-ui, version: 1.0.0}]
  kafka: [{name: kafka, version: 2.0.0-rc.1}, {name: kafka, version: 1.0.0}, {name: kafka, version: 0.9.0}]
  zoo: [{name: zoo, version: 1.0.0, description: For Kafka and others}]
  my-kafka: [{name: my-kafka, version: 3.0.0-rc.1}]
  queue: [{name: queue, version: 1.0.0, keywords: [Kafka, log]}]
  other: [{name: other, version: 1.0.0}]
`

func searchIn(t *testing.T, page Page) Part {
	t.Helper()
	index, err := parseIndex([]byte(searched), "x")
	if err != nil {
		t.Fatal(err)
	}
	return cachedIndex{parsed: index}.part(page)
}

func TestSearchesFindWordsAnywhereAndRankNamesFirst(t *testing.T) {
	part := searchIn(t, Page{Query: "KAFKA", Latest: true, Ranked: true})
	want := []string{"kafka-1.0.0", "kafka-ui-1.0.0", "my-kafka-3.0.0-rc.1", "queue-1.0.0", "zoo-1.0.0"}
	if got := namesOf(part.Charts); !reflect.DeepEqual(got, want) || part.Total != 5 || part.ChartCount != 6 {
		t.Errorf("%v of %d in %d", got, part.Total, part.ChartCount)
	}
	if got := namesOf(searchIn(t, Page{Query: "kafka log", Latest: true}).Charts); !reflect.DeepEqual(got, []string{"queue-1.0.0"}) {
		t.Errorf("two words: %v", got)
	}
}

func TestPagesOfASearchTogetherAreTheSearch(t *testing.T) {
	page, got := Page{Query: "kafka", Versions: 2}, []string{}
	for {
		part := searchIn(t, page)
		got = append(got, namesOf(part.Charts)...)
		if part.Total != 7 {
			t.Errorf("%d in total", part.Total)
		}
		if page.From = part.Next; part.Next == nil {
			break
		}
	}
	want := []string{"kafka-2.0.0-rc.1", "kafka-1.0.0", "kafka-0.9.0", "kafka-ui-1.0.0", "my-kafka-3.0.0-rc.1", "queue-1.0.0", "zoo-1.0.0"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}

func TestAFreshIndexIsUsedWithoutAsking(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = answer.Write([]byte(searched))
	}))
	defer server.Close()
	fetcher := NewFetcher(Options{})
	for _, step := range []struct{ fresh, want int }{{60, 1}, {60, 1}, {0, 2}, {60, 2}} {
		if _, err := fetcher.Index(t.Context(), fair.Caller{}, Source{URL: server.URL}, Page{FreshSec: step.fresh}); err != nil || int(asked.Load()) != step.want {
			t.Errorf("fresh for %d s: asked %d times, %v", step.fresh, asked.Load(), err)
		}
	}
}

const ranged = `apiVersion: v1
entries:
  web:
    - {name: web, version: 4.0.0-rc.1}
    - {name: web, version: 3.0.0, kubeVersion: ">=1.99.0-0"}
    - {name: web, version: 2.1.0, kubeVersion: "not a range"}
    - {name: web, version: 2.0.0, kubeVersion: ">=1.20.0-0"}
    - {name: web, version: 1.0.0}
  early: [{name: early, version: 1.0.0-beta.1}]
  other: [{name: other, version: 1.0.0}]
`

func TestTheNewestVersionForAClusterIsStableAndInItsRange(t *testing.T) {
	index, err := parseIndex([]byte(ranged), "x")
	if err != nil {
		t.Fatal(err)
	}
	for cluster, want := range map[string][]string{
		"v1.30.2-k3s1": {"web-2.0.0"}, "v1.99.0": {"web-3.0.0"}, "v1.10.0": {"web-1.0.0"}, "unknown": {"web-1.0.0"},
	} {
		part := cachedIndex{parsed: index}.part(Page{Names: []string{"web", "early", "none", "web"}, StableFor: cluster})
		if got := namesOf(part.Charts); !reflect.DeepEqual(got, want) && len(got)+len(want) > 0 {
			t.Errorf("for %s: %v", cluster, got)
		}
	}
}

func TestAnIndexInMemoryIsUsedHoweverOldAndNeverAskedFor(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = response.Write([]byte(searched))
	}))
	defer server.Close()
	fetcher := NewFetcher(Options{})
	ask := func(access Access, page Page) int {
		part, err := fetcher.Index(t.Context(), fair.Caller{}, Source{URL: server.URL, Access: access}, page)
		if err != nil {
			t.Fatal(err)
		}
		return len(part.Charts)
	}
	if got := ask(Access{}, Page{InMemory: true}); got != 0 || asked.Load() != 0 {
		t.Errorf("%d charts, asked %d times", got, asked.Load())
	}
	ask(Access{}, Page{})
	if got := ask(Access{}, Page{InMemory: true}); got != 6 || asked.Load() != 1 {
		t.Errorf("%d charts, asked %d times", got, asked.Load())
	}
	if got := ask(Access{Username: "other"}, Page{InMemory: true}); got != 0 || asked.Load() != 1 {
		t.Errorf("the index of other credentials shows %d charts", got)
	}
}
