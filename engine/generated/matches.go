package generated

import (
	"slices"
	"strconv"
	"strings"
)

// matches finds which placeholders of a field correspond to those of the old field. If the same were generated in the
// same order they are the same; otherwise each line is looked up, and then the line with the same beginning.
func (c *comparison) matches(one, before *field) map[reference]reference {
	found := map[reference]reference{}
	pair := func(tokens, former []reference) {
		for index, token := range tokens {
			found[token] = former[index]
		}
	}
	if slices.Equal(c.new.kindsOf(one.tokens), c.old.kindsOf(before.tokens)) {
		pair(one.tokens, before.tokens)
		return found
	}
	lines, former := c.new.linesOf(one.segments), c.old.linesOf(before.segments)
	for _, name := range []func(line) string{
		func(of line) string { return of.plain },
		func(of line) string { return of.head + "\x00" + strings.Join(of.kinds, "\x00") },
	} {
		was := unique(former, name)
		for key, line := range unique(lines, name) {
			earlier, there := was[key]
			if there && slices.Equal(line.kinds, earlier.kinds) && !slices.ContainsFunc(line.tokens, func(token reference) bool {
				_, paired := found[token]
				return paired
			}) {
				pair(line.tokens, earlier.tokens)
			}
		}
	}
	return found
}

// kindsOf returns what was generated, regardless of the call.
func (r *symbolicRendering) kindsOf(tokens []reference) []string {
	kinds := []string{}
	for _, token := range tokens {
		kinds = append(kinds, r.kinds[token.call]+"\x00"+strconv.Itoa(token.part))
	}
	return kinds
}

// line is one line of a text with placeholders.
type line struct {
	// head is the text before the first placeholder, plain the line with kinds in place of the placeholders.
	head, plain string
	tokens      []reference
	kinds       []string
}

// linesOf returns the lines with placeholders.
func (r *symbolicRendering) linesOf(segments []segment) []line {
	for len(segments) == 1 && segments[0].encoded != nil {
		segments = segments[0].encoded
	}
	lines, current := []line{}, line{}
	finish := func() {
		if len(current.tokens) > 0 {
			lines = append(lines, current)
		}
		current = line{}
	}
	for _, one := range segments {
		if one.token == nil && one.encoded == nil {
			for index, text := range strings.Split(one.literal, "\n") {
				if index > 0 {
					finish()
				}
				current.plain += text
			}
			continue
		}
		tokens := tokensOf([]segment{one})
		if len(current.tokens) == 0 {
			current.head = current.plain
		}
		current.tokens = append(current.tokens, tokens...)
		current.kinds = append(current.kinds, r.kindsOf(tokens)...)
		current.plain += "\x00" + strings.Join(r.kindsOf(tokens), "\x00") + "\x00"
	}
	finish()
	return lines
}

// unique returns the lines by a name that only they have.
func unique(lines []line, name func(line) string) map[string]line {
	found, count := map[string]line{}, map[string]int{}
	for _, one := range lines {
		found[name(one)] = one
		count[name(one)]++
	}
	for key, times := range count {
		if times > 1 {
			delete(found, key)
		}
	}
	return found
}
