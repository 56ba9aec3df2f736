package record

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"io"
)

var gzipMagic = []byte{0x1f, 0x8b, 0x08}

var errTooLarge = errors.New("too large")

// packed is a record's payload before decompression, and its decompressed size.
type packed struct {
	content []byte
	size    int64
	zipped  bool
	// key is the record's key in the memory, known the remembered record: then there is no content.
	key   memoryKey
	known *remembered
}

// unpackable decodes the base64 of a payload and counts its decompressed bytes without keeping them. Errors:
// errTooLarge, those of base64 and gzip.
func unpackable(payload []byte, limits Limits) (packed, error) {
	if int64(len(payload)) > limits.EncodedBytes {
		return packed{}, errTooLarge
	}
	content, err := base64.StdEncoding.DecodeString(string(payload))
	if err != nil {
		return packed{}, errors.New("it is not base64")
	}
	// Helm also reads records from before it compressed them.
	if !bytes.HasPrefix(content, gzipMagic) {
		return packed{content: content, size: int64(len(content))}, nil
	}
	size, err := inflate(content, io.Discard, limits.DecompressedBytes)
	return packed{content: content, size: size, zipped: true}, err
}

// inflate decompresses into a writer, up to a maximum of bytes.
func inflate(content []byte, into io.Writer, limit int64) (int64, error) {
	reader, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return 0, errors.New("it is not compressed as gzip does")
	}
	size, err := io.Copy(into, io.LimitReader(reader, limit+1))
	switch {
	case size > limit:
		return size, errTooLarge
	case err != nil:
		return size, errors.New("it is not compressed as gzip does")
	default:
		return size, reader.Close()
	}
}

// text returns the JSON.
func (p packed) text() ([]byte, error) {
	if !p.zipped {
		return p.content, nil
	}
	text := bytes.NewBuffer(make([]byte, 0, p.size))
	_, err := inflate(p.content, text, p.size)
	return text.Bytes(), err
}
