package record

import (
	"container/list"
	"crypto/sha256"
	"sync"
	"time"

	release "helm.sh/helm/v4/pkg/release/v1"
)

const (
	// rememberedBytes bounds what decoded records take together in memory, about.
	rememberedBytes = 64 << 20
	// bytesPerNode is about what a value takes beside its text once it is decoded.
	bytesPerNode = 100
	// rememberedFor is how long a record is remembered that nobody reads.
	rememberedFor = 30 * time.Second
)

// Memory remembers decoded records: one change of a release reads the same record many times, and its next change again. A
// record is known by its place and a digest of its payload, so that what is remembered is what decoding would give, whatever
// the cluster says of it and whoever reads; who reads it has been given the Secret. A nil memory remembers nothing.
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
	// size is what the payload decompresses to, weight about what the record takes in memory, in bytes.
	size, weight int64
}

// NewMemory remembers so many bytes of records, each until nothing has been read for a while.
func NewMemory(budget int64, idle time.Duration) *Memory {
	return &Memory{budget: budget, idle: idle, known: map[memoryKey]*list.Element{}, recent: list.New()}
}

// find gives a record that was decoded from this payload, nil where there is none.
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

// keep remembers a record, and forgets those that were not read for the longest time. One does not drive out many.
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

// used puts off the moment at which everything is forgotten.
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

// Copy gives a record of which the reader may change what Helm changes: its state, its labels, and how hooks went. The rest
// is shared with all who read it, and is not to be changed.
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
