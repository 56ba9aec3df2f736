package registry

import (
	"crypto/sha256"
	"encoding/json"
	"sync"
	"time"
)

const (
	cachedIndexes = 32
	// cachedIndexBytes is the maximum total size of all. A larger index is cached alone, so that reading it page
	// by page does not download it for each page.
	cachedIndexBytes = 64 << 20
)

// cachedIndex is a parsed index with what the server needs to tell that it has not changed.
type cachedIndex struct {
	etag, lastModified string
	digest             [sha256.Size]byte
	parsed             Index
	// size is roughly what it takes in memory, in bytes.
	size int
	// checked is when the repository was asked about it last.
	checked time.Time
}

// indexCache caches indexes, so that an unchanged one need not be parsed again. Callers with different credentials
// never share one: the credentials are part of the key, as a hash.
type indexCache struct {
	mutex   sync.Mutex
	entries map[indexKey]cachedIndex
	// order contains the keys, least recently stored first.
	order []indexKey
	size  int
}

type indexKey [sha256.Size]byte

func newIndexCache() *indexCache { return &indexCache{entries: map[indexKey]cachedIndex{}} }

func keyOf(address string, access Access) indexKey {
	// The fields are strings and booleans, which can always be encoded.
	text, _ := json.Marshal([]any{address, access.Username, access.Password, access.BearerToken, access.CAPEM, access.InsecureSkipTLSVerify, access.PassCredentialsAll})
	return sha256.Sum256(text)
}

func (c *indexCache) get(key indexKey) (cachedIndex, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	found, ok := c.entries[key]
	return found, ok
}

func (c *indexCache) put(key indexKey, index cachedIndex) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.forget(key)
	for len(c.order) > 0 && (len(c.order) >= cachedIndexes || c.size+index.size > cachedIndexBytes) {
		c.forget(c.order[0])
	}
	c.entries[key] = index
	c.order = append(c.order, key)
	c.size += index.size
}

func (c *indexCache) forget(key indexKey) {
	old, found := c.entries[key]
	if !found {
		return
	}
	c.size -= old.size
	delete(c.entries, key)
	for i, other := range c.order {
		if other == key {
			c.order = append(c.order[:i], c.order[i+1:]...)
			return
		}
	}
}

// rememberedDownloads is how many downloads are remembered.
const rememberedDownloads = 1_024

// fetchedBefore remembers which archives were downloaded from where, with which credentials: as long as the index names
// the same digest at the same address, the stored archive is what would be downloaded again. An archive from another
// source is never used in place of a download.
type fetchedBefore struct {
	mutex sync.Mutex
	known map[indexKey]bool
	// order contains the keys, the oldest first.
	order []indexKey
}

func newFetchedBefore() *fetchedBefore { return &fetchedBefore{known: map[indexKey]bool{}} }

// downloadKey identifies an archive at an address of a repository.
func downloadKey(repository indexKey, address, digest string) indexKey {
	return sha256.Sum256(append(append(repository[:], address...), "\x00"+digest...))
}

func (f *fetchedBefore) has(key indexKey) bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.known[key]
}

func (f *fetchedBefore) add(key indexKey) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.known[key] {
		return
	}
	f.known[key] = true
	if f.order = append(f.order, key); len(f.order) > rememberedDownloads {
		delete(f.known, f.order[0])
		f.order = f.order[1:]
	}
}
