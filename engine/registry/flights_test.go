package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"walm.io/engine/fair"
)

func TestOneDownloadServesAllWhoAskMeanwhile(t *testing.T) {
	var downloads, parses atomic.Int32
	started := make(chan struct{}, 100)
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
		downloads.Add(1)
		started <- struct{}{}
		<-release
		fmt.Fprint(answer, "apiVersion: v1\nentries: {web: [{name: web, version: 1.0.0, apiVersion: v2, urls: [web.tgz]}]}\n")
	}))
	defer server.Close()
	fetcher := NewFetcher(Options{ParseIndex: func(_ context.Context, _ fair.Caller, data []byte, shown string) (Index, error) {
		parses.Add(1)
		return parseIndex(data, shown)
	}})
	ask := func(ctx context.Context, user string) error {
		whole, err := fetcher.wholeIndex(ctx, fair.Caller{User: user}, Source{URL: server.URL}, "")
		charts := whole.parsed.Charts
		if err == nil && (len(charts) != 1 || charts[0].Versions[0].urls[0] != "web.tgz") {
			err = fmt.Errorf("got %+v", charts)
		}
		return err
	}
	var group sync.WaitGroup
	// The first caller leaves; the others do not notice.
	impatient, leave := context.WithCancel(t.Context())
	group.Go(func() {
		if err := ask(impatient, "first"); !errors.Is(err, context.Canceled) {
			t.Errorf("the first: %v", err)
		}
	})
	<-started
	for number := range 20 {
		group.Go(func() {
			if err := ask(t.Context(), fmt.Sprint(number)); err != nil {
				t.Error(err)
			}
		})
	}
	waitUntil(fetcher.flights, 21)
	leave()
	waitUntil(fetcher.flights, 20)
	close(release)
	group.Wait()
	if downloads.Load() != 1 || parses.Load() != 1 {
		t.Errorf("%d downloads, %d parses", downloads.Load(), parses.Load())
	}
	// A server without validators sends the same index again: it is not parsed again.
	if err := ask(t.Context(), "late"); err != nil || downloads.Load() != 2 || parses.Load() != 1 {
		t.Errorf("%v, %d downloads, %d parses", err, downloads.Load(), parses.Load())
	}
}

// waitUntil returns when this many callers wait.
func waitUntil(f *flights, count int) {
	for {
		f.mutex.Lock()
		waiting := 0
		for _, one := range f.running {
			waiting += one.waiting
		}
		f.mutex.Unlock()
		if waiting == count {
			return
		}
	}
}

func TestAFlightEndsWhenNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := newFlights()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			_, err := shared.share(ctx, indexKey{}, func(inner context.Context) (cachedIndex, error) {
				<-inner.Done()
				close(ended)
				return cachedIndex{}, inner.Err()
			})
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}()
		synctest.Wait()
		cancel()
		<-ended
		synctest.Wait()
		if len(shared.running) != 0 {
			t.Error("left behind")
		}
	})
}

func TestAPanicOfAFlightIsAnError(t *testing.T) {
	_, err := newFlights().share(t.Context(), indexKey{}, func(context.Context) (cachedIndex, error) { panic("boo") })
	if err == nil {
		t.Error("no error")
	}
}
