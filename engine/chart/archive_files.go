package chart

import (
	"archive/tar"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/loader/archive"

	"walm.io/engine/problem"
)

var byteOrderMark = []byte{0xEF, 0xBB, 0xBF}

// readFiles unpacks one gzipped tar archive into memory, spending the budget and refusing every entry that is not a
// plain file or folder. File names are relative to the chart, as Helm's loader expects. `label` names the archive in
// messages.
func readFiles(data []byte, left *budget, label string) ([]*archive.BufferedFile, error) {
	unzipped, err := newMembers(data)
	if err != nil {
		return nil, problem.New(problem.ChartArchiveInvalid,
			"%s is not a gzipped archive: pack the chart with helm package", label).Because(err)
	}
	source := &budgetReader{source: unzipped, left: left}
	entries := tar.NewReader(source)
	read := []archiveEntry{}
	for {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, unreadable(label, err)
		}
		if left.entries--; left.entries < 0 {
			return nil, problem.New(problem.ChartTooLarge, "%s holds more than %d entries", label, left.limits.Entries)
		}
		entry, err := readEntry(entries, header, left, label)
		if err != nil {
			return nil, err
		}
		if entry != nil {
			read = append(read, *entry)
		}
	}
	files, err := relativeToChart(read, label)
	if err != nil {
		return nil, err
	}
	if err := expectOnlyPadding(source, label); err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, problem.New(problem.ChartArchiveInvalid, "%s holds no files", label)
	}
	return files, nil
}

// readEntry returns nil for anything that is not a file of the chart: folders, headers of git and pax, and files that
// macOS adds.
func readEntry(entries *tar.Reader, header *tar.Header, left *budget, label string) (*archiveEntry, error) {
	switch header.Typeflag {
	case tar.TypeXGlobalHeader:
		return nil, nil
	case tar.TypeReg, tar.TypeDir:
	default:
		return nil, problem.New(problem.ChartUnsafePath,
			"%s holds %q, which is a link or a device; only plain files are allowed", label, header.Name).With("entry", header.Name)
	}
	entry, err := entryOf(header.Name)
	if err != nil || header.FileInfo().IsDir() {
		return nil, err
	}
	if len(entry.path) == 0 {
		return nil, problem.New(problem.ChartUnsafePath, "%s holds a file that is called %q", label, header.Name).With("entry", header.Name)
	}
	name := entry.last()
	if header.Size > left.limits.FileBytes {
		return nil, problem.New(problem.ChartTooLarge, "%s holds %s with %d bytes; a file may have %d MiB",
			label, name, header.Size, left.limits.FileBytes/mebibyte).With("entry", name)
	}
	if header.Size > left.bytes {
		return nil, tooLargeUnpacked(left)
	}
	content := make([]byte, header.Size)
	if _, err := io.ReadFull(entries, content); err != nil {
		return nil, unreadable(label, err)
	}
	if entry.isOfMac(content) {
		return nil, nil
	}
	entry.file = &archive.BufferedFile{Name: name, ModTime: header.ModTime, Data: bytes.TrimPrefix(content, byteOrderMark)}
	return &entry, nil
}

// relativeToChart names the files like Helm: without the first part of their paths, whatever that is. An archive of the
// inside of a chart's folder has `./Chart.yaml`; in others `./` is ignored.
func relativeToChart(read []archiveEntry, label string) ([]*archive.BufferedFile, error) {
	flat := slices.ContainsFunc(read, func(entry archiveEntry) bool {
		return entry.dotted && len(entry.path) == 1 && entry.last() == "Chart.yaml"
	})
	files := make([]*archive.BufferedFile, 0, len(read))
	contents := map[string][]byte{}
	for _, entry := range read {
		path := entry.path
		if !flat || !entry.dotted {
			path = path[1:]
		}
		if len(path) == 0 {
			return nil, problem.New(problem.ChartArchiveInvalid,
				"%s contains %q outside a folder; all files must be in one folder named like the chart: pack it with helm package", label, entry.last())
		}
		file := entry.file
		file.Name = strings.Join(path, "/")
		if earlier, twice := contents[file.Name]; twice && !bytes.Equal(earlier, file.Data) {
			return nil, problem.New(problem.ChartArchiveInvalid, "%s holds %s twice, with different content", label, file.Name)
		}
		contents[file.Name] = file.Data
		files = append(files, file)
	}
	return files, nil
}

// expectOnlyPadding reads to the end of the stream: it verifies the checksum and refuses anything hidden behind the
// last entry.
func expectOnlyPadding(source io.Reader, label string) error {
	block := make([]byte, 32<<10)
	for {
		count, err := source.Read(block)
		switch {
		case len(bytes.Trim(block[:count], "\x00")) > 0:
			return unreadable(label, errBehindEnd)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return unreadable(label, err)
		}
	}
}

// budgetReader fails as soon as more comes out than the budget allows, before it is stored anywhere.
type budgetReader struct {
	source io.Reader
	left   *budget
}

func (r *budgetReader) Read(target []byte) (int, error) {
	count, err := r.source.Read(target)
	if r.left.bytes -= int64(count); r.left.bytes < 0 {
		return 0, tooLargeUnpacked(r.left)
	}
	return count, err
}

func tooLargeUnpacked(left *budget) error {
	limit := left.limits.DecompressedBytes
	return problem.New(problem.ChartTooLarge,
		"the chart unpacks to more than %d MiB, archives inside it included", limit/mebibyte).With("limitBytes", limit)
}

func unreadable(label string, err error) error {
	if _, known := problem.From(err); known {
		return err
	}
	if errors.Is(err, errBehindEnd) {
		return problem.New(problem.ChartArchiveInvalid, "%s has data after its end: pack the chart again", label).Because(err)
	}
	reason := "it is damaged"
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		reason = "it is cut off"
	case errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		reason = "its compression is damaged"
	case errors.Is(err, tar.ErrHeader):
		reason = "it is not a tar archive"
	}
	return problem.New(problem.ChartArchiveInvalid, "%s cannot be read: %s; send it again", label, reason).
		Because(fmt.Errorf("reading %s: %w", label, err))
}
