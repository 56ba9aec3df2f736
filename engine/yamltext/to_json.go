package yamltext

import (
	"bytes"
	"strings"
	"sync"

	"sigs.k8s.io/yaml"
)

// remembered is the maximum bytes of documents and their JSON forms in each of two generations.
const remembered = 16 << 20

// forms caches JSON forms in two generations: entries used since the last change of generations stay.
type forms struct {
	mutex      sync.Mutex
	young, old map[string][]byte
	size       int
	// budget is the maximum size of a generation, in bytes.
	budget int
}

var known = forms{budget: remembered, young: map[string][]byte{}}

// ToJSON is yaml.YAMLToJSON, which takes about ten times as long as parsing its result: one operation reads the same
// documents several times, and the next ones read them again. The result must not be changed.
func ToJSON(document string) ([]byte, error) {
	return known.of(document)
}

// bare returns a document without the comment by which Helm names its source.
func bare(document string) string {
	for strings.HasPrefix(document, sourceComment) {
		_, rest, more := strings.Cut(document, "\n")
		if !more {
			return document
		}
		document = rest
	}
	return document
}

const sourceComment = "# Source: "

func (f *forms) of(document string) ([]byte, error) {
	content := bare(document)
	if form, found := f.find(content); found {
		return form, nil
	}
	form, err := yaml.YAMLToJSON([]byte(document))
	if err == nil {
		f.keep(content, form)
	}
	return form, err
}

// Fill caches the result of ToJSON for documents that contain a word, after the word is replaced by a text that is a
// string by itself, too. The word has to be unique.
func Fill(word, text string) {
	known.fill(word, text)
}

func (f *forms) fill(word, text string) {
	form, err := yaml.YAMLToJSON([]byte("a: " + text))
	if err != nil || string(form) != `{"a":"`+text+`"}` {
		return
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	filled := map[string][]byte{}
	for document, form := range f.young {
		// A line of its own, so that it is parsed as above.
		if strings.Count(document, word) == 1 && strings.Contains(document, ": "+word+"\n") &&
			bytes.Count(form, []byte(`"`+word+`"`)) == 1 {
			filled[strings.Replace(document, word, text, 1)] = bytes.Replace(form, []byte(word), []byte(text), 1)
		}
	}
	for document, form := range filled {
		f.put(document, form)
	}
}

func (f *forms) find(document string) ([]byte, bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if form, found := f.young[document]; found {
		return form, true
	}
	form, found := f.old[document]
	if found {
		f.put(document, form)
	}
	return form, found
}

func (f *forms) keep(document string, form []byte) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.put(document, form)
}

// put drops the older generation when the younger one is full. A single document does not evict many.
func (f *forms) put(document string, form []byte) {
	const overhead = 128
	size := len(document) + len(form) + overhead
	if size > f.budget/4 {
		return
	}
	if f.size+size > f.budget {
		f.old, f.young, f.size = f.young, map[string][]byte{}, 0
	}
	// A document may be a part of a much longer text, and would keep all of it in memory.
	f.young[string([]byte(document))] = form
	f.size += size
}
