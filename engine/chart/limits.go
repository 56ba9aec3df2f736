package chart

// Limits bounds what one chart may cost. Sizes are bytes.
type Limits struct {
	// ArchiveBytes is the largest archive as received, compressed.
	ArchiveBytes int64
	// DecompressedBytes is the budget for everything inside, including tar headers; archives below charts/ use the same
	// budget, so nesting does not multiply it.
	DecompressedBytes int64
	// FileBytes is the largest single file.
	FileBytes int64
	// Entries is the number of tar entries, nested archives included.
	Entries int
	// NestedDepth is how many archives may be nested below the outermost one.
	NestedDepth int
	// ExpandedCharts is the number of charts after aliases are applied. Helm copies a subchart for each alias, level by
	// level, so a few declarations can request millions of copies.
	ExpandedCharts int
	// YAMLNodes and YAMLDepth bound one YAML document, aliases expanded; ArchiveYAMLNodes bounds all of them together.
	YAMLNodes        int
	YAMLDepth        int
	ArchiveYAMLNodes int
}

const mebibyte = 1 << 20

// DefaultLimits are the documented limits of Walm: 20 MiB compressed, 100 MiB in total, 5 MiB a file.
func DefaultLimits() Limits {
	return Limits{
		ArchiveBytes:      20 * mebibyte,
		DecompressedBytes: 100 * mebibyte,
		FileBytes:         5 * mebibyte,
		Entries:           20_000,
		NestedDepth:       5,
		ExpandedCharts:    1_000,
		YAMLNodes:         500_000,
		YAMLDepth:         200,
		ArchiveYAMLNodes:  1_000_000,
	}
}

// budget is what is left of the limits while one archive, with everything nested in it, is read.
type budget struct {
	limits  Limits
	bytes   int64
	entries int
	nodes   int
}

func newBudget(limits Limits) *budget {
	return &budget{limits: limits, bytes: limits.DecompressedBytes, entries: limits.Entries, nodes: limits.ArchiveYAMLNodes}
}

// nodeBytes is roughly the memory of one YAML node while it is parsed.
const nodeBytes = 256

// cost is roughly the memory of what was read so far.
func (b *budget) cost() int64 {
	return b.limits.DecompressedBytes - b.bytes + int64(b.limits.ArchiveYAMLNodes-b.nodes)*nodeBytes
}
