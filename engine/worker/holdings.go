package worker

import "sync"

// holdings is the total memory of the busy workers of a pool. Each may use much by itself, but all at once would exceed
// the machine's share for them.
type holdings struct {
	mutex sync.Mutex
	bytes map[*process]int64
}

func newHoldings() *holdings {
	return &holdings{bytes: map[*process]int64{}}
}

// note records the memory of a worker, and returns whether it has to be killed: all together exceed `limit`, and none
// uses more than this one. A limit of 0 is none.
func (h *holdings) note(worker *process, held, limit int64) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.bytes[worker] = held
	var sum, largest int64
	for _, other := range h.bytes {
		sum += other
		largest = max(largest, other)
	}
	return limit > 0 && sum > limit && held == largest
}

// forget is called when a worker no longer uses memory for an order.
func (h *holdings) forget(worker *process) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	delete(h.bytes, worker)
}
