// Package record is the only entry of Helm's records into the engine. A record is a Secret that any user with write
// access to its namespace can change, so it is hostile until it was checked: its bytes, depth, number and shape have
// budgets that are checked before each step of decoding, and it counts only as the release and revision that the
// Secret's own place names.
package record

// Limits bound the contents of one record. Sizes are bytes.
type Limits struct {
	// EncodedBytes is the base64 text in the Secret, DecompressedBytes the JSON inside.
	EncodedBytes      int64
	DecompressedBytes int64
	// Nodes is the number of values in the JSON, Depth how deep values and chart defaults may nest.
	Nodes int
	Depth int
	// Documents is the number of YAML documents, hooks included, and that of objects, items of lists included.
	Documents int
	// DocumentBytes bounds one document, DocumentNodes all that they hold together, ObjectDepth the nesting of one.
	DocumentBytes int
	DocumentNodes int
	ObjectDepth   int
	// ValuesBytes bounds the texts of the values and of the chart's defaults, ChartFactsBytes its schema and metainfo.
	ValuesBytes     int
	ChartFactsBytes int
	// NotesBytes and DescriptionBytes bound Helm's texts for people.
	NotesBytes       int
	DescriptionBytes int
	// HistoryBytes bounds the total decompressed size of the revisions of one release that are read together.
	HistoryBytes int64
}

const mebibyte = 1 << 20

// envelope is how deep values lie inside a record: release, chart, values.
const envelope = 3

// DefaultLimits are those of Walm's documentation. Kubernetes keeps 1 MiB in a Secret.
func DefaultLimits() Limits {
	return Limits{
		EncodedBytes:      3 * mebibyte,
		DecompressedBytes: 32 * mebibyte,
		Nodes:             250_000,
		Depth:             64,
		Documents:         10_000,
		DocumentBytes:     4 * mebibyte,
		DocumentNodes:     3_000_000,
		ObjectDepth:       128,
		ValuesBytes:       4 * mebibyte,
		ChartFactsBytes:   4 * mebibyte,
		NotesBytes:        mebibyte,
		DescriptionBytes:  64 << 10,
		HistoryBytes:      128 * mebibyte,
	}
}
