package chart

import (
	"container/list"
	"sync"
)

// archiveCache keeps the bytes of archives that passed Check, up to a number of bytes, the least recently used being
// evicted first. It contains bytes and never charts, because Helm changes the chart it works on.
type archiveCache struct {
	mutex    sync.Mutex
	capacity int64
	room     int64
	recent   *list.List
	entries  map[string]*list.Element
}

type cachedArchive struct {
	digest string
	data   []byte
	// cost is roughly the memory of the loaded chart.
	cost int64
}

func newArchiveCache(capacity int64) *archiveCache {
	return &archiveCache{capacity: capacity, room: capacity, recent: list.New(), entries: map[string]*list.Element{}}
}

func (c *archiveCache) get(digest string) (cachedArchive, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	element, found := c.entries[digest]
	if !found {
		return cachedArchive{}, false
	}
	c.recent.MoveToFront(element)
	return element.Value.(cachedArchive), true
}

func (c *archiveCache) put(digest string, data []byte, cost int64) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if _, found := c.entries[digest]; found || int64(len(data)) > c.capacity {
		return
	}
	c.entries[digest] = c.recent.PushFront(cachedArchive{digest, data, cost})
	c.room -= int64(len(data))
	for c.room < 0 {
		oldest := c.recent.Back()
		removed := c.recent.Remove(oldest).(cachedArchive)
		delete(c.entries, removed.digest)
		c.room += int64(len(removed.data))
	}
}
