package chart

import (
	"regexp"
	"slices"
	"strings"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
)

const (
	// readWordsBytes bounds the texts that are scanned, maxReadWords the number of words.
	readWordsBytes = 8 * mebibyte
	maxReadWords   = 20_000
)

var (
	actions      = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	word         = regexp.MustCompile(`[\p{L}_][\p{L}\d_-]*`)
	jsonnetReads = regexp.MustCompile(`\.[\p{L}_][\p{L}\d_]*|"[^"\n]*"|'[^'\n]*'`)
)

// readWords returns every word with which templates of the chart and its subcharts could read a value: words in actions
// of templates, fields and strings of jsonnet, names of subcharts. Sorted; nil if there are too many.
func readWords(loaded *helmchart.Chart) []string {
	found := &wordsFound{words: map[string]struct{}{}, left: readWordsBytes}
	found.addChart(loaded)
	if found.left < 0 || len(found.words) > maxReadWords {
		return nil
	}
	words := make([]string, 0, len(found.words))
	for one := range found.words {
		words = append(words, one)
	}
	slices.Sort(words)
	return words
}

type wordsFound struct {
	words map[string]struct{}
	left  int
}

func (f *wordsFound) addChart(loaded *helmchart.Chart) {
	for _, template := range loaded.Templates {
		f.addMatches(template.Data, actions)
	}
	for _, file := range loaded.Files {
		switch {
		case strings.HasSuffix(file.Name, ".jsonnet"), strings.HasSuffix(file.Name, ".libsonnet"):
			f.addMatches(file.Data, jsonnetReads)
		case strings.HasPrefix(file.Name, metaFolder):
		default:
			// Files may be templates, too: `tpl (.Files.Get …)`.
			f.addMatches(file.Data, actions)
		}
	}
	if loaded.Metadata != nil {
		for _, dependency := range loaded.Metadata.Dependencies {
			f.add([]byte(dependency.Name + " " + dependency.Alias + " " + dependency.Condition + " " + strings.Join(dependency.Tags, " ")))
		}
	}
	for _, subchart := range loaded.Dependencies() {
		f.add([]byte(subchart.Name()))
		f.addChart(subchart)
	}
}

func (f *wordsFound) addMatches(text []byte, parts *regexp.Regexp) {
	if f.left -= len(text); f.left < 0 {
		return
	}
	for _, part := range parts.FindAll(text, -1) {
		f.add(part)
	}
}

func (f *wordsFound) add(text []byte) {
	for _, one := range word.FindAll(text, -1) {
		if len(f.words) > maxReadWords {
			return
		}
		f.words[string(one)] = struct{}{}
	}
}
