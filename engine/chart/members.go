package chart

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
)

// errBehindEnd is about bytes behind the last member of a gzip stream that do not begin another one.
var errBehindEnd = errors.New("data after the end")

// members reads the members of a gzip stream one after the other. Unlike gzip.Reader it distinguishes a stream that ends too
// early from one that is followed by something else.
type members struct {
	data     *bytes.Reader
	unzipped *gzip.Reader
	ended    error
}

func newMembers(data []byte) (*members, error) {
	source := bytes.NewReader(data)
	unzipped, err := gzip.NewReader(source)
	if err != nil {
		return nil, err
	}
	unzipped.Multistream(false)
	return &members{data: source, unzipped: unzipped}, nil
}

func (m *members) Read(target []byte) (int, error) {
	if m.ended != nil {
		return 0, m.ended
	}
	for {
		count, err := m.unzipped.Read(target)
		if errors.Is(err, io.EOF) && m.data.Len() > 0 {
			if err = m.unzipped.Reset(m.data); err != nil {
				err = errBehindEnd
			} else {
				m.unzipped.Multistream(false)
			}
		}
		if err != nil {
			// A caller that has got all the bytes it asked for ignores the error.
			m.ended = err
		}
		if count > 0 || err != nil {
			return count, err
		}
	}
}
