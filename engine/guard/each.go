package guard

import "sync"

// Each does work for the indexes from 0 to count, at most `parallel` concurrently, and returns the errors in order. A
// panic becomes the error of its index only.
func Each(count, parallel int, work func(index int) error) []error {
	var (
		group    sync.WaitGroup
		failures = make([]error, count)
		slots    = make(chan struct{}, parallel)
	)
	for index := range count {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			failures[index] = Call(func() error { return work(index) })
		})
	}
	group.Wait()
	return failures
}
