package generated

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"time"
)

// comparison is what a change of values means for what a chart generates: which calls of the new rendering are calls
// whose result is in the record, and which fields do not depend on the change.
type comparison struct {
	old, new *symbolicRendering
	// arguments are, by call, the calls whose results it gets as arguments.
	arguments [][]int
	// renamed are calls that name a changed job: a job can only be run again under another name.
	renamed map[int]bool
	// expiring are calls that generated certificates which are to be renewed.
	expiring map[int]bool
	// known are the results of the calls when the record was made.
	known knownTexts
	// broken are calls whose result is unknown although something that changed needs it: whatever shows them is
	// regenerated.
	broken map[int]bool
	// hidden tells that the chart generates something that cannot be recognised.
	hidden bool
	// breaksHidden tells that something is regenerated on which fields may depend that do not show it.
	breaksHidden bool
}

// compare decides about all calls.
func compare(old, new *symbolicRendering, now time.Time) *comparison {
	made := &comparison{old: old, new: new, renamed: map[int]bool{}, expiring: map[int]bool{}, known: knownTexts{}}
	for _, call := range new.reader.calls {
		arguments := []int{}
		for _, token := range tokensOf(new.reader.segments(call.args)) {
			arguments = append(arguments, token.call)
		}
		made.arguments = append(made.arguments, arguments)
	}
	made.findRenamed()
	made.learn(true)
	made.learn(false)
	made.dropExpiring(now)
	for made.settle() {
	}
	made.findHidden()
	return made
}

// before is the same field in the old rendering, nil if there was none.
func (c *comparison) before(of *field) *field {
	return c.old.byKey[of.key]
}

// isSame tells whether a field does not depend on the change.
func (c *comparison) isSame(of *field) bool {
	before := c.before(of)
	return before != nil && before.recorded != nil && before.plain == of.plain
}

func (c *comparison) findRenamed() {
	for _, one := range c.new.documents {
		if (one.kind == "Job" || one.kind == "Pod") && !one.sameAs(c.old) {
			for _, token := range tokensOf(one.name) {
				c.renamed[token.call] = true
			}
		}
	}
}

// learn reads the record: in fields that are the same, then in those that are not.
func (c *comparison) learn(same bool) {
	for _, one := range c.new.fields {
		before := c.before(one)
		if before == nil || len(one.tokens) == 0 || c.isSame(one) != same || one.isNonce() {
			continue
		}
		recorded, isText := textOf(before.recorded)
		if !isText {
			continue
		}
		texts, fits := c.old.reader.read(before.segments, recorded)
		if !fits {
			continue
		}
		for token, former := range c.matches(one, before) {
			if text, known := texts[former]; known && !c.renamed[token.call] {
				c.known.add(token, text)
			}
		}
	}
}

// dropExpiring drops certificates that are to be renewed.
func (c *comparison) dropExpiring(now time.Time) {
	for token, text := range c.known {
		c.expiring[token.call] = c.expiring[token.call] || nearsExpiry(text, now)
	}
	for token := range c.known {
		if c.expiring[token.call] {
			delete(c.known, token)
		}
	}
}

// isNonce tells whether the purpose of a field is to change each time: the annotation of a pod template by which charts
// restart pods on each upgrade.
func (f *field) isNonce() bool {
	above := len(f.steps) - 1
	return len(f.segments) == 1 && f.segments[0].token != nil && above >= 3 &&
		slices.Equal(f.steps[above-3:above], []any{"template", "metadata", "annotations"})
}

// settle decides which calls are repeated, and tells whether that makes others regenerate, too: certificates of an
// authority whose key is unknown, when one of them has to be regenerated.
func (c *comparison) settle() bool {
	c.forgetUseless()
	c.broken = map[int]bool{}
	for _, one := range c.new.fields {
		for _, token := range one.tokens {
			if c.isSame(one) && !c.expiring[token.call] {
				continue
			}
			c.visit(token.call, func(call int) bool {
				isNew := !c.isKnown(call)
				if isNew && !c.renamed[call] {
					c.broken[call] = true
				}
				return isNew
			})
		}
	}
	c.breaksHidden = slices.ContainsFunc(c.new.fields, func(one *field) bool { return c.isSame(one) && c.isBroken(one) })
	again := false
	for token := range c.known {
		if c.dependsOnBroken(token.call) {
			delete(c.known, token)
			again = true
		}
	}
	return again
}

// forgetUseless drops a certificate whose key is unknown if the key is needed. Calls are visited after those that use
// them.
func (c *comparison) forgetUseless() {
	shown := map[reference]bool{}
	for _, one := range c.new.fields {
		for _, token := range one.tokens {
			shown[token] = true
		}
	}
	needed := map[int]bool{}
	for call := len(c.new.reader.calls) - 1; call >= 0; call-- {
		whole := true
		for part := range c.new.reader.calls[call].parts {
			if _, known := c.known[reference{call, part}]; !known {
				whole = whole && !needed[call] && !shown[reference{call, part}]
			}
		}
		if !whole {
			for part := range c.new.reader.calls[call].parts {
				delete(c.known, reference{call, part})
			}
		}
		if !c.isKnown(call) {
			for _, argument := range c.arguments[call] {
				needed[argument] = true
			}
		}
	}
}

// isKnown tells whether a call returns its former result.
func (c *comparison) isKnown(call int) bool {
	for part := range c.new.reader.calls[call].parts {
		if _, known := c.known[reference{call, part}]; known {
			return true
		}
	}
	return false
}

// visit shows a call, and what it is made from if `show` returns true.
func (c *comparison) visit(call int, show func(call int) bool) {
	if !show(call) {
		return
	}
	for _, argument := range c.arguments[call] {
		c.visit(argument, show)
	}
}

func (c *comparison) dependsOnBroken(call int) bool {
	found := false
	c.visit(call, func(one int) bool {
		found = found || c.broken[one]
		return !found
	})
	return found
}

func (c *comparison) isBroken(of *field) bool {
	return slices.ContainsFunc(of.tokens, func(token reference) bool { return c.dependsOnBroken(token.call) })
}

// keeps tells whether a field has to have its recorded value.
func (c *comparison) keeps(one *field) bool {
	if !c.isSame(one) || one.isNonce() || c.isBroken(one) || (len(one.tokens) == 0 && c.breaksHidden) {
		return false
	}
	return !slices.ContainsFunc(one.tokens, func(token reference) bool { return c.renamed[token.call] })
}

// isNew tells whether a field, which was rendered to a value, shows something regenerated, although it is not made from
// anything that was changed.
func (c *comparison) isNew(one *field, value any) bool {
	before := c.before(one)
	if before == nil || before.recorded == nil || value == before.recorded || one.isNonce() || c.keeps(one) {
		return false
	}
	for _, token := range one.tokens {
		if !c.isKnown(token.call) {
			return len(before.tokens) > 0 && !c.expiring[token.call] && !derivations[c.new.reader.calls[token.call].name] && !c.renamed[token.call]
		}
	}
	text, isText := textOf(value)
	return isText && c.hidden && c.spell(one.segments) != text && !checksum.MatchString(text)
}

// checksum is the form of checksums over generated texts, which change with them.
var checksum = regexp.MustCompile(`^[0-9a-f]{32,}$`)

// findHidden looks for calls whose results cannot be recognised: numbers, short strings, truncated texts. If they are
// combined with something that changed, their former value is unknown.
func (c *comparison) findHidden() {
	shown := map[int]bool{}
	for _, one := range c.new.fields {
		for _, token := range one.tokens {
			c.visit(token.call, func(call int) bool {
				seen := shown[call]
				shown[call] = true
				return !seen
			})
		}
	}
	for call, made := range c.new.reader.calls {
		c.hidden = c.hidden || (!shown[call] && !derivations[made.name])
	}
}

// spell writes a text with the known values in place of the placeholders.
func (c *comparison) spell(segments []segment) string {
	written := strings.Builder{}
	for _, one := range segments {
		switch {
		case one.token != nil:
			text := c.known[*one.token]
			if one.cut > 0 && len(text) > one.cut {
				text = text[:one.cut]
			}
			written.WriteString(text)
		case one.encoded != nil:
			written.WriteString(base64.StdEncoding.EncodeToString([]byte(c.spell(one.encoded))))
		default:
			written.WriteString(one.literal)
		}
	}
	return written.String()
}
