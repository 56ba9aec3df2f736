package manifest

import (
	"crypto/rand"
	"strings"
	"sync"
)

// placeholderMinBytes is the minimum size from which Helm gets a placeholder for the content of Walm's own object.
const placeholderMinBytes = 64 << 10

// Placeholders let Helm work with manifests in which a line replaces the content of Walm's own object, which may be as
// large as the values of the release, because Helm parses each document to sort it. What Helm passes on, to the cluster
// or into a record, is complete again. The line is a random word. Safe for concurrent use.
type Placeholders struct {
	mutex sync.Mutex
	whole map[string]string
}

// placeholderMark begins such a line.
const placeholderMark = "\n# placeholder of Walm: "

// Shorten returns a text, a manifest or a file of one, with a placeholder for the spec of Walm's own object if that is
// long; nil returns it unchanged.
func (s *Placeholders) Shorten(text string) string {
	if s == nil || len(text) < placeholderMinBytes {
		return text
	}
	begin, end := specOfOwn(text)
	if end-begin < placeholderMinBytes {
		return text
	}
	line := placeholderMark + rand.Text()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.whole == nil {
		s.whole = map[string]string{}
	}
	s.whole[line] = text[begin:end]
	return text[:begin] + line + text[end:]
}

// Restore returns a text with its placeholders replaced; nil has none.
func (s *Placeholders) Restore(text string) string {
	if s == nil {
		return text
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.whole) == 0 || !strings.Contains(text, placeholderMark) {
		return text
	}
	for line, whole := range s.whole {
		text = strings.Replace(text, line, whole, 1)
	}
	return text
}

// specOfOwn finds the spec of Walm's own object, as Walm serialises it, from the line break before it up to the end of
// its document; nothing if there is none, or more than one.
func specOfOwn(text string) (begin, end int) {
	const head = "apiVersion: " + ReleaseConfigVersion + "\nkind: " + ReleaseConfigKind + "\n"
	if strings.Count(text, head) != 1 {
		return 0, 0
	}
	start := strings.Index(text, head)
	end = len(text)
	if next := strings.Index(text[start:], "\n---"); next >= 0 {
		end = start + next
	}
	spec := strings.Index(text[start:end], "\nspec:\n")
	if spec < 0 || (start > 0 && text[start-1] != '\n') {
		return 0, 0
	}
	return start + spec, end
}
