package record

import (
	"container/list"
	"crypto/sha256"
	"sync"
	"time"

	release "helm.sh/helm/v4/pkg/release/v1"
)

const (
	// rememberedBytes bounds the approximate total memory of decoded records.
	rememberedBytes = 64 << 20
	// bytesPerNode is roughly the memory of a value besides its text.
	bytesPerNode = 100
	// rememberedFor is how long an unused record is remembered.
	rememberedFor = 30 * time.Second
)

// Memory remembers decoded records: one change of a release reads the same record many times, and so does its next
// change. A record is identified by its place and a digest of its payload, so that the remembered record is what
// decoding would give, for every reader; each reader has received the Secret from the cluster. A
// nil memory remembers nothing.
type Memory struct {
	budget int64
	idle   time.Duration

	mutex  sync.Mutex
	known  map[memoryKey]*list.Element
	recent *list.List
	held   int64
	forget *time.Timer
}

type memoryKey struct {
	place  Place
	digest [sha256.Size]byte
}

type remembered struct {
	key     memoryKey
	release *release.Release
	// size is the decompressed size of the payload, weight roughly the memory of the record, in bytes.
	size, weight int64
}

// NewMemory remembers this many bytes of records, each until it was unused for a while.
func NewMemory(budget int64, idle time.Duration) *Memory {
	return &Memory{budget: budget, idle: idle, known: map[memoryKey]*list.Element{}, recent: list.New()}
}

// find returns a record that was decoded from this payload, nil if there is none.
func (m *Memory) find(key memoryKey) *remembered {
	if m == nil {
		return nil
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	found, ok := m.known[key]
	if !ok {
		return nil
	}
	m.recent.MoveToFront(found)
	m.used()
	return found.Value.(*remembered)
}

// keep remembers a record, and drops the least recently used ones. A single record does not evict many.
func (m *Memory) keep(one *remembered) {
	if m == nil || one.weight > m.budget/4 {
		return
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if _, known := m.known[one.key]; known {
		return
	}
	m.known[one.key] = m.recent.PushFront(one)
	m.held += one.weight
	for m.held > m.budget {
		oldest := m.recent.Remove(m.recent.Back()).(*remembered)
		delete(m.known, oldest.key)
		m.held -= oldest.weight
	}
	m.used()
}

// used postpones the moment at which everything is dropped.
func (m *Memory) used() {
	if m.forget == nil {
		m.forget = time.AfterFunc(m.idle, m.clear)
		return
	}
	m.forget.Reset(m.idle)
}

func (m *Memory) clear() {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.known, m.held = map[memoryKey]*list.Element{}, 0
	m.recent.Init()
}

// Copy returns a record of which the reader may change what Helm changes: its status, its labels, and the results of
// hooks. The rest is shared by all readers, and must not be changed.
func Copy(recorded *release.Release) *release.Release {
	fresh := *recorded
	if recorded.Info != nil {
		info := *recorded.Info
		fresh.Info = &info
	}
	if recorded.Hooks != nil {
		fresh.Hooks = make([]*release.Hook, len(recorded.Hooks))
	}
	for at, hook := range recorded.Hooks {
		if hook != nil {
			one := *hook
			fresh.Hooks[at] = &one
		}
	}
	return &fresh
}
