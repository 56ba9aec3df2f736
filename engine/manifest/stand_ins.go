package manifest

import (
	"crypto/rand"
	"strings"
	"sync"
)

// standInBytes is from how many bytes on Helm gets a stand-in for what Walm's own object holds.
const standInBytes = 64 << 10

// StandIns let Helm work with manifests in which a line stands for what Walm's own object holds: it may be as much as the values
// of the release, and Helm reads each document as YAML to sort it. What Helm gives on, to the cluster or into a record, is whole
// again. The line is a word that nobody can foresee. Safe for concurrent use.
type StandIns struct {
	mutex sync.Mutex
	whole map[string]string
}

// standInMark begins such a line.
const standInMark = "\n# in place of what is known: "

// Shorten gives a text, a manifest or a file of one, with a stand-in for the spec of Walm's own object where that is long; nil
// gives it as it is.
func (s *StandIns) Shorten(text string) string {
	if s == nil || len(text) < standInBytes {
		return text
	}
	begin, end := specOfOwn(text)
	if end-begin < standInBytes {
		return text
	}
	line := standInMark + rand.Text()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.whole == nil {
		s.whole = map[string]string{}
	}
	s.whole[line] = text[begin:end]
	return text[:begin] + line + text[end:]
}

// Restore gives a text with what its stand-ins stand for; of nil it has none.
func (s *StandIns) Restore(text string) string {
	if s == nil {
		return text
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.whole) == 0 || !strings.Contains(text, standInMark) {
		return text
	}
	for line, whole := range s.whole {
		text = strings.Replace(text, line, whole, 1)
	}
	return text
}

// specOfOwn finds the spec of Walm's own object, as Walm writes it down, from the line break before it up to the end of its
// document; nothing where there is none, or more than one.
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
