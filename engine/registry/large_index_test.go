package registry

import (
	"runtime"
	"testing"
	"time"
)

// largeIndexBytes is enough to tell what an index takes beside its text.
const largeIndexBytes = 6 << 20

// peakOf is the highest use of the heap during `run`, in bytes above that before.
func peakOf(run func()) uint64 {
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	peak, done, ended := before.HeapInuse, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapInuse)
			}
		}
	}()
	run()
	close(done)
	<-ended
	return peak - min(peak, before.HeapInuse)
}

func TestALargeIndexTakesLittleMoreMemoryThanItsText(t *testing.T) {
	const description = "a chart of which there are many, described at the length at which people describe what they publish"
	versions := largeIndexBytes / len(generatedIndex(100, 1, description))
	data := []byte(generatedIndex(100, versions+1, description))
	var index Index
	var err error
	peak := peakOf(func() { index, err = parseIndex(data, "x") })
	if err != nil || len(index.Charts) != 100 {
		t.Fatalf("%d charts, %v", len(index.Charts), err)
	}
	t.Logf("%d MiB: %d MiB of memory", len(data)>>20, peak>>20)
	if peak > 4*largeIndexBytes {
		t.Errorf("it took %d MiB", peak>>20)
	}
	if kept := index.size(); kept > len(data) {
		t.Errorf("%d MiB are kept of %d", kept>>20, len(data)>>20)
	}
}
