package record

// extent is how much a JSON text holds.
type extent struct{ nodes, depth int }

// extentOf counts values and nesting without building anything, in one pass; it stops where a bound is passed. Of a
// text that is not JSON it says something that is too small or too large: its parser has the last word on syntax.
func extentOf(text []byte, maxNodes, maxDepth int) extent {
	var found extent
	depth := 0
	for at := 0; at < len(text) && found.nodes <= maxNodes && found.depth <= maxDepth; at++ {
		switch text[at] {
		case '"':
			at = endOfText(text, at+1)
		case '{', '[':
			depth++
			found.nodes++
			found.depth = max(found.depth, depth)
		case '}', ']':
			depth--
		case ',', ':':
			// Every value but the first of an array and the outermost follows one of these; keys are counted, too.
			found.nodes++
		}
	}
	return found
}

// DepthOf tells how deep a JSON text nests, or that it is deeper than most.
func DepthOf(text []byte, most int) int { return extentOf(text, len(text), most).depth }

// endOfText gives the place of the quote that ends a JSON text.
func endOfText(text []byte, at int) int {
	for ; at < len(text) && text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at
}
