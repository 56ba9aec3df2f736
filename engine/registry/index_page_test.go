package registry

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"walm.io/engine/fair"
)

func countedIndex(counts ...int) cachedIndex {
	index := cachedIndex{}
	for chart, count := range counts {
		one := IndexedChart{Name: fmt.Sprintf("chart-%02d", chart)}
		for version := range count {
			one.Versions = append(one.Versions, IndexedVersion{Version: fmt.Sprintf("1.0.%d", count-version)})
		}
		index.parsed.Charts = append(index.parsed.Charts, one)
	}
	return index
}

func namesOf(charts []IndexedChart) (names []string) {
	for _, chart := range charts {
		for _, version := range chart.Versions {
			names = append(names, chart.Name+"-"+version.Version)
		}
	}
	return names
}

func TestPagesTogetherAreTheIndex(t *testing.T) {
	for _, versions := range []int{0, 1, 2, 3, 7, 100_000} {
		for _, index := range []cachedIndex{countedIndex(), countedIndex(1), countedIndex(3, 1, 4, 1, 5), countedIndex(2, 4_500, 3)} {
			if versions != 0 && versions < 3 && len(index.parsed.Charts) == 3 {
				continue
			}
			var got []IndexedChart
			page := Page{Versions: versions}
			for {
				part := index.part(page)
				if count := len(namesOf(part.Charts)); count > pageVersions || versions > 0 && count > versions {
					t.Fatalf("a page of %d versions", count)
				}
				got = append(got, part.Charts...)
				if part.Next == nil {
					break
				}
				page.From = part.Next
			}
			if !reflect.DeepEqual(namesOf(got), namesOf(index.parsed.Charts)) {
				t.Errorf("pages of %d: %d of %d versions", versions, len(namesOf(got)), len(namesOf(index.parsed.Charts)))
			}
		}
	}
}

func TestAPageOfOneChart(t *testing.T) {
	part := countedIndex(3, 2, 1).part(Page{Chart: "chart-01"})
	if names := namesOf(part.Charts); part.Next != nil || !reflect.DeepEqual(names, []string{"chart-01-1.0.2", "chart-01-1.0.1"}) {
		t.Errorf("%v, %v", names, part.Next)
	}
	if part := countedIndex(3).part(Page{Chart: "chart"}); len(part.Charts) != 0 || part.Next != nil {
		t.Errorf("a chart that is not there: %v", part)
	}
}

func TestAPageHoldsFewBytesAndGoesOnWhereAChartHasGone(t *testing.T) {
	index := countedIndex(50)
	for at := range index.parsed.Charts[0].Versions {
		index.parsed.Charts[0].Versions[at].Description = strings.Repeat("x", pageBytes/4)
	}
	if part := index.part(Page{}); len(part.Charts[0].Versions) > 4 || part.Next == nil {
		t.Errorf("%d versions, %v", len(part.Charts[0].Versions), part.Next)
	}
	part := countedIndex(1, 1).part(Page{From: &Position{"chart-00a", 7}})
	if names := namesOf(part.Charts); !reflect.DeepEqual(names, []string{"chart-01-1.0.1"}) {
		t.Errorf("%v", names)
	}
	if part := countedIndex(1).part(Page{From: &Position{"chart-00", -7}}); len(part.Charts) != 1 {
		t.Errorf("%v", part)
	}
}

func TestLaterPagesDoNotAskTheRepositoryAgain(t *testing.T) {
	var downloads atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
		downloads.Add(1)
		fmt.Fprint(answer, "apiVersion: v1\nentries: {web: [{name: web, version: 1.0.0, apiVersion: v2}, {name: web, version: 2.0.0, apiVersion: v2}]}\n")
	}))
	defer server.Close()
	fetcher := NewFetcher(Options{})
	first, err := fetcher.Index(t.Context(), fair.Caller{}, Source{URL: server.URL}, Page{Versions: 1})
	if err != nil || first.Next == nil {
		t.Fatalf("%v, %v", first, err)
	}
	second, err := fetcher.Index(t.Context(), fair.Caller{}, Source{URL: server.URL}, Page{From: first.Next, Index: first.Index})
	if err != nil || second.Next != nil || namesOf(second.Charts)[0] != "web-1.0.0" || downloads.Load() != 1 {
		t.Errorf("%v, %v, %d downloads", second, err, downloads.Load())
	}
	other := Source{URL: server.URL, Access: Access{Username: "somebody", Password: "else"}}
	if _, err := fetcher.Index(t.Context(), fair.Caller{}, other, Page{Index: first.Index}); err != nil || downloads.Load() != 2 {
		t.Errorf("another's index: %v, %d downloads", err, downloads.Load())
	}
}
