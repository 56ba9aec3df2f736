package chart

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"

	"walm.io/engine/problem"
)

// packer writes a chart archive in the layout of `helm package`. The same files in the same order always give the same
// bytes.
type packer struct {
	// what names the chart in messages.
	what       string
	limits     Limits
	left       int64
	packed     bytes.Buffer
	compressed *gzip.Writer
	archive    *tar.Writer
}

func newPacker(what string, limits Limits) *packer {
	p := &packer{what: what, limits: limits, left: limits.DecompressedBytes}
	p.compressed = gzip.NewWriter(&p.packed)
	p.archive = tar.NewWriter(p.compressed)
	return p
}

// admit deducts a file of this size from the limits. Errors: CHART_TOO_LARGE.
func (p *packer) admit(name string, size int64) error {
	if p.left -= size; p.left < 0 || size > p.limits.FileBytes {
		return problem.New(problem.ChartTooLarge, "%s holds more than is allowed, at %s", p.what, name)
	}
	return nil
}

// add writes an admitted file; its path is relative to the chart.
func (p *packer) add(name string, content []byte) error {
	header := &tar.Header{Name: "chart/" + name, Mode: 0o644, Size: int64(len(content))}
	if err := p.archive.WriteHeader(header); err != nil {
		return err
	}
	_, err := p.archive.Write(content)
	return err
}

func (p *packer) finish() ([]byte, error) {
	err := errors.Join(p.archive.Close(), p.compressed.Close())
	return p.packed.Bytes(), err
}
