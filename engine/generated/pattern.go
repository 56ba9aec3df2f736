package generated

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// reference names one placeholder: a part of the result of one call.
type reference struct {
	call, part int
}

// knownTexts are the values of the placeholders.
type knownTexts map[reference]string

// segment is a piece of a rendered text: literal text, a placeholder, or base64 of further segments.
type segment struct {
	literal string
	token   *reference
	// cut is how many characters of the placeholder's text are present; 0 for all.
	cut     int
	encoded []segment
}

// reader finds the placeholders of a probe in a rendering.
type reader struct {
	calls  []generation
	byHead map[string][]reference
}

func newReader(calls []generation) *reader {
	found := &reader{calls: calls, byHead: map[string][]reference{}}
	for index, call := range calls {
		for part, one := range call.parts {
			head := one.text[:headLength]
			found.byHead[head] = append(found.byHead[head], reference{index, part})
			if upper := strings.ToUpper(head); upper != head {
				found.byHead[upper] = append(found.byHead[upper], reference{index, part})
			}
		}
	}
	return found
}

func (r *reader) placeholder(of reference) placeholder {
	return r.calls[of.call].parts[of.part]
}

// base64Run matches text that may be base64 of something with a placeholder.
var base64Run = regexp.MustCompile(`[A-Za-z0-9+/]{8,}={0,2}`)

// segments splits a text.
func (r *reader) segments(text string) []segment {
	found := []segment{}
	start := 0
	for index := 0; index+headLength <= len(text); {
		token, length := r.tokenAt(text[index:])
		if length == 0 {
			index++
			continue
		}
		found = append(found, r.literals(text[start:index])...)
		found = append(found, token)
		index += length
		start = index
	}
	return append(found, r.literals(text[start:])...)
}

// tokenAt returns the placeholder that a text begins with, in lower or upper case, and its length.
func (r *reader) tokenAt(text string) (found segment, length int) {
	for _, candidate := range r.byHead[text[:headLength]] {
		one := r.placeholder(candidate)
		common := max(commonLength(text, one.text), commonLength(text, strings.ToUpper(one.text)))
		switch {
		case one.isNumber && (common < len(one.text) || common < len(text) && isDigit(text[common])):
			// Something was computed from it.
		case common == len(one.text), one.isCuttable && len(one.text) > one.length && common >= one.length:
			return segment{token: &candidate}, common
		case one.isCuttable && common < one.length && common > length:
			found, length = segment{token: &candidate, cut: common}, common
		}
	}
	return found, length
}

func commonLength(a, b string) int {
	length := 0
	for length < min(len(a), len(b)) && a[length] == b[length] {
		length++
	}
	return length
}

// literals finds base64 of placeholders in a text without any.
func (r *reader) literals(text string) []segment {
	found := []segment{}
	start := 0
	for _, bounds := range base64Run.FindAllStringIndex(text, -1) {
		content, err := base64.StdEncoding.DecodeString(text[bounds[0]:bounds[1]])
		if err != nil {
			continue
		}
		inner := r.segments(string(content))
		if len(tokensOf(inner)) == 0 {
			continue
		}
		if bounds[0] > start {
			found = append(found, segment{literal: text[start:bounds[0]]})
		}
		found = append(found, segment{encoded: inner})
		start = bounds[1]
	}
	if start < len(text) {
		found = append(found, segment{literal: text[start:]})
	}
	return found
}

// tokensOf returns the placeholders in order.
func tokensOf(segments []segment) []reference {
	tokens := []reference{}
	for _, one := range segments {
		if one.token != nil {
			tokens = append(tokens, *one.token)
		}
		tokens = append(tokens, tokensOf(one.encoded)...)
	}
	return tokens
}

var base64Head = regexp.MustCompile(`^[A-Za-z0-9+/]+={0,2}`)

// read returns what a recorded text has in the places of the placeholders; false if it does not match.
func (r *reader) read(segments []segment, recorded string) (knownTexts, bool) {
	known := knownTexts{}
	return known, r.readInto(known, segments, recorded)
}

func (r *reader) readInto(known knownTexts, segments []segment, recorded string) bool {
	for _, one := range segments {
		length := -1
		switch {
		case one.token != nil && one.cut > 0:
			if length = one.cut; len(recorded) < length || !known.add(*one.token, recorded[:length]) {
				return false
			}
		case one.token != nil:
			length = r.placeholder(*one.token).measure(recorded)
			if length >= 0 && !known.add(*one.token, recorded[:length]) {
				return false
			}
		case one.encoded != nil:
			run := base64Head.FindString(recorded)
			content, err := base64.StdEncoding.DecodeString(run)
			if err == nil && r.readInto(known, one.encoded, string(content)) {
				length = len(run)
			}
		case strings.HasPrefix(recorded, one.literal):
			length = len(one.literal)
		}
		if length < 0 {
			return false
		}
		recorded = recorded[length:]
	}
	return recorded == ""
}

// add stores a text; false if a different one is known. Of two the longer is the text itself, or the one with letters
// of both cases: the other was transformed by its template.
func (k knownTexts) add(of reference, text string) bool {
	before := k[of]
	common := min(len(before), len(text))
	if !strings.EqualFold(before[:common], text[:common]) {
		return false
	}
	if len(text) > len(before) || len(text) == len(before) && (before == strings.ToLower(before) || before == strings.ToUpper(before)) {
		k[of] = text
	}
	return true
}
