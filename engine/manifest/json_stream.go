package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"walm.io/engine/yamltext"
)

// AsJSONStream converts a manifest to a stream of JSON documents, which the builder of Kubernetes parses in a tenth of
// the time: it splits and converts YAML in the same way. A manifest with anything but objects is returned unchanged, so
// that the builder reports the error in its own words.
func AsJSONStream(manifest []byte) []byte {
	stream := bytes.NewBuffer(make([]byte, 0, len(manifest)))
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(manifest)))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return manifest
		}
		form, err := yamltext.ToJSON(string(document))
		if err != nil {
			return manifest
		}
		if bytes.Equal(form, []byte("null")) {
			continue
		}
		if !bytes.HasPrefix(form, []byte("{")) {
			return manifest
		}
		stream.Write(form)
		stream.WriteByte('\n')
	}
	if stream.Len() == 0 {
		return manifest
	}
	return stream.Bytes()
}
