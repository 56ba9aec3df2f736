package worker

import (
	"bytes"
	"strings"
	"sync"
)

// lastWordsBytes is how much of a worker's standard error is kept: the Go runtime first prints why it ends.
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

// String is the text that was kept.
func (l *lastWords) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.kept.String()
}

// sayOutOfMemory tells whether the Go runtime ended because the kernel refused memory.
func (l *lastWords) sayOutOfMemory() bool {
	text := l.String()
	return strings.Contains(text, "out of memory") || strings.Contains(text, "cannot allocate memory")
}

// sayStackOverflow tells whether infinite recursion was the reason.
func (l *lastWords) sayStackOverflow() bool {
	return strings.Contains(l.String(), "goroutine stack exceeds")
}
