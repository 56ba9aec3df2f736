package registry

import (
	"bytes"
	"encoding/json"
	"errors"

	"helm.sh/helm/v4/pkg/repo/v1"
	"sigs.k8s.io/yaml"

	"walm.io/engine/chart"
)

const (
	// pieceBytes is roughly how much YAML is decoded at once: decoding takes many times its size in memory.
	pieceBytes = 64 << 10
	// headBytes bounds everything of an index that is not an entry.
	headBytes = 1 << 20
)

// errIrregular is the reason why an index cannot be read piece by piece; it may still be read as a whole.
var errIrregular = errors.New("it is not written as Helm writes indexes")

// indexPiece is the text of some versions of a chart: a list of YAML.
type indexPiece struct {
	// name is the chart's line, `name:`.
	name []byte
	text []byte
}

// splitter cuts an index at the lines that begin a chart or a version, by their indentation.
type splitter struct {
	head   []byte
	pieces []indexPiece

	name        []byte
	nameIndent  int
	itemsIndent int
	// begin is where the present piece begins in the data, -1 outside.
	begin int
	seen  bool
}

// splitIndex cuts an index into pieces, and returns what is not an entry. Anything else than a generated index
// is errIrregular, or has pieces that cannot be decoded: a scalar that a cut divides lacks its end.
func splitIndex(data []byte) ([]byte, []indexPiece, error) {
	s := &splitter{nameIndent: -1, itemsIndent: -1, begin: -1}
	for at := 0; at < len(data); {
		end := len(data)
		if newline := bytes.IndexByte(data[at:], '\n'); newline >= 0 {
			end = at + newline + 1
		}
		if err := s.line(data, at, end); err != nil {
			return nil, nil, err
		}
		at = end
	}
	s.cut(data, len(data))
	if !s.seen {
		return nil, nil, errIrregular
	}
	return s.head, s.pieces, nil
}

func (s *splitter) line(data []byte, at, end int) error {
	text := bytes.TrimRight(data[at:end], " \r\n")
	bare := bytes.TrimLeft(text, " ")
	indent := len(text) - len(bare)
	switch {
	case len(bare) == 0 || bare[0] == '#':
		// Part of the piece, if there is one: it may be in a text.
		return nil
	case bare[0] == '\t':
		return errIrregular
	case indent == 0 && string(text) == "entries:":
		if s.seen {
			return errIrregular
		}
		s.seen, s.nameIndent = true, 0
		return nil
	case indent == 0 && !(s.inEntries() && bare[0] == '-'):
		s.cut(data, at)
		s.nameIndent, s.name = -1, nil
		if s.head = append(append(s.head, text...), '\n'); len(s.head) > headBytes {
			return errIrregular
		}
		return nil
	case !s.inEntries():
		// The rest of something before or after the entries.
		if s.head = append(append(s.head, text...), '\n'); len(s.head) > headBytes {
			return errIrregular
		}
		return nil
	}
	return s.entryLine(data, at, indent, bare)
}

func (s *splitter) inEntries() bool { return s.nameIndent >= 0 }

func (s *splitter) entryLine(data []byte, at, indent int, bare []byte) error {
	if s.nameIndent == 0 {
		s.nameIndent = indent
	}
	isItem := bare[0] == '-' && (len(bare) == 1 || bare[1] == ' ')
	switch {
	case indent < s.nameIndent:
		return errIrregular
	case indent == s.nameIndent && !isItem:
		s.cut(data, at)
		s.name, s.itemsIndent = bare, -1
		if bytes.HasSuffix(bare, []byte(": []")) {
			s.name = nil
		} else if bare[len(bare)-1] != ':' {
			return errIrregular
		}
	case s.name == nil:
		return errIrregular
	case s.itemsIndent < 0:
		if !isItem {
			return errIrregular
		}
		s.itemsIndent, s.begin = indent, at
	case indent < s.itemsIndent:
		return errIrregular
	case indent == s.itemsIndent:
		if !isItem {
			return errIrregular
		}
		if at-s.begin > pieceBytes {
			s.cut(data, at)
			s.begin = at
		}
	}
	return nil
}

// cut ends the present piece.
func (s *splitter) cut(data []byte, end int) {
	if s.begin >= 0 {
		s.pieces = append(s.pieces, indexPiece{s.name, data[s.begin:end]})
		s.begin = -1
	}
}

// indexReader collects the versions of an index entry by entry, so that of a large one only what is kept is in memory.
type indexReader struct {
	apiVersion string
	charts     map[string][]IndexedVersion
	skipped    *Skipped
	// matched is how many entries had Helm's types, mismatched whether something had not: a document in which nothing
	// has is not an index.
	matched    int
	mismatched bool
}

// readPieces reads YAML as Helm generates it. An error says that it has to be read as a whole.
func (r *indexReader) readPieces(data []byte) error {
	head, pieces, err := splitIndex(data)
	if err != nil {
		return err
	}
	var rest struct {
		APIVersion string `json:"apiVersion"`
	}
	if err := checkAliases(head); err != nil {
		return err
	}
	if err := yaml.Unmarshal(head, &rest); err != nil {
		return err
	}
	r.apiVersion = rest.APIVersion
	for _, piece := range pieces {
		if err := r.readPiece(piece); err != nil {
			return err
		}
	}
	return nil
}

func (r *indexReader) readPiece(piece indexPiece) error {
	names := map[string]any{}
	if err := yaml.Unmarshal(piece.name, &names); err != nil || len(names) != 1 {
		return errIrregular
	}
	if err := checkAliases(piece.text); err != nil {
		return err
	}
	for name := range names {
		var versions repo.ChartVersions
		if yaml.Unmarshal(piece.text, &versions) == nil {
			r.add(name, versions)
			continue
		}
		var loose []any
		if err := yaml.Unmarshal(piece.text, &loose); err != nil {
			return err
		}
		for _, entry := range loose {
			text, err := json.Marshal(entry)
			if err != nil {
				return err
			}
			r.addJSON(name, text)
		}
	}
	return nil
}

// readJSON reads an index that is JSON, value by value.
func (r *indexReader) readJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	return eachField(decoder, func(key string) error {
		switch key {
		case "entries":
			return eachField(decoder, func(name string) error { return r.readList(decoder, name) })
		case "apiVersion":
			return decoder.Decode(&r.apiVersion)
		}
		var ignored json.RawMessage
		return decoder.Decode(&ignored)
	})
}

// readList reads the versions of one chart.
func (r *indexReader) readList(decoder *json.Decoder, name string) error {
	token, err := decoder.Token()
	if err != nil || token == nil {
		return err
	}
	if token != json.Delim('[') {
		r.addOther(name)
		return skipRest(decoder, token)
	}
	for decoder.More() {
		var text json.RawMessage
		if err := decoder.Decode(&text); err != nil {
			return err
		}
		r.addJSON(name, text)
	}
	_, err = decoder.Token()
	return err
}

// eachField calls back for each field of an object, whose value `read` has to read.
func eachField(decoder *json.Decoder, read func(key string) error) error {
	if token, err := decoder.Token(); err != nil || token == nil {
		return err
	} else if token != json.Delim('{') {
		return errIrregular
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		if err := read(name); err != nil {
			return err
		}
	}
	_, err := decoder.Token()
	return err
}

// skipRest reads over what a token began.
func skipRest(decoder *json.Decoder, begun json.Token) error {
	depth := 0
	for token := begun; ; {
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		var err error
		if token, err = decoder.Token(); err != nil {
			return err
		}
	}
}

func (r *indexReader) add(name string, entries repo.ChartVersions) {
	r.matched += len(entries)
	if versions := validVersions(name, entries, r.skipped); len(versions) > 0 {
		r.charts[name] = append(r.charts[name], versions...)
	}
}

// addJSON adds one version that may be of any form.
func (r *indexReader) addJSON(name string, text []byte) {
	var entry *repo.ChartVersion
	if err := json.Unmarshal(text, &entry); err != nil {
		r.mismatched = true
		r.skipped.add(name, versionOf(text), err.Error())
		return
	}
	r.add(name, repo.ChartVersions{entry})
}

// addOther notes a chart that has something else than a list of versions.
func (r *indexReader) addOther(name string) {
	r.mismatched = true
	r.skipped.add(name, "", "it is not a list of versions")
}

// checkAliases refuses YAML that expands by aliases to far more than its size.
func checkAliases(data []byte) error {
	if !aliasLike.Match(data) {
		return nil
	}
	limits := chart.DefaultLimits()
	limits.YAMLNodes = maxIndexNodes
	return chart.CheckYAML("index.yaml", data, limits)
}
