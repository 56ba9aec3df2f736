package record

// extent is the amount of content of a JSON text.
type extent struct{ nodes, depth int }

// extentOf counts values and nesting without building anything, in one pass; it stops when a limit is exceeded. For a
// text that is not JSON the result may be wrong: its parser decides about syntax.
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

// DepthOf returns how deep a JSON text nests, or that it is deeper than maxDepth.
func DepthOf(text []byte, maxDepth int) int { return extentOf(text, len(text), maxDepth).depth }

// endOfText returns the position of the quote that ends a JSON string.
func endOfText(text []byte, at int) int {
	for ; at < len(text) && text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at
}
