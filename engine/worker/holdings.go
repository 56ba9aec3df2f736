package worker

import "sync"

// holdings is what the busy workers of a pool hold together. Each may hold much for itself, and all of them at once
// would be more than the machine has for them.
type holdings struct {
	mutex sync.Mutex
	bytes map[*process]int64
}

func newHoldings() *holdings {
	return &holdings{bytes: map[*process]int64{}}
}

// note says what a worker holds now, and answers whether it has to go: all together hold more than `limit`, and none
// holds more than this one. A limit of 0 is none.
func (h *holdings) note(worker *process, held, limit int64) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.bytes[worker] = held
	var sum, most int64
	for _, other := range h.bytes {
		sum += other
		most = max(most, other)
	}
	return limit > 0 && sum > limit && held == most
}

// forget is called when a worker holds nothing any more for an order.
func (h *holdings) forget(worker *process) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	delete(h.bytes, worker)
}
