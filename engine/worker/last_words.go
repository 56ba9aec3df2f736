package worker

import (
	"bytes"
	"strings"
	"sync"
)

// lastWordsBytes is how much is kept of what a worker writes to its standard error: the Go runtime says first why it ends.
const lastWordsBytes = 4 << 10

// lastWords keeps the beginning of what is written to it.
type lastWords struct {
	mutex sync.Mutex
	kept  bytes.Buffer
}

// Write is part of io.Writer.
func (l *lastWords) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.kept.Write(text[:min(len(text), lastWordsBytes-l.kept.Len())])
	return len(text), nil
}

// String is what was kept.
func (l *lastWords) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.kept.String()
}

// sayOutOfMemory tells whether the Go runtime ended because the kernel gave it no more memory.
func (l *lastWords) sayOutOfMemory() bool {
	text := l.String()
	return strings.Contains(text, "out of memory") || strings.Contains(text, "cannot allocate memory")
}

// sayStackOverflow tells whether a recursion without end was ended.
func (l *lastWords) sayStackOverflow() bool {
	return strings.Contains(l.String(), "goroutine stack exceeds")
}
