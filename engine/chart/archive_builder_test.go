package chart

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"walm.io/engine/problem"
)

const webChartYAML = "apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: \"7\"\n"

// entry is one tar entry of a generated archive; kind 0 is a plain file.
type entry struct {
	name string
	body string
	kind byte
	link string
}

func file(name, body string) entry { return entry{name: name, body: body, kind: tar.TypeReg} }

// archiveOfEntries writes entries exactly as given, malformed ones included.
func archiveOfEntries(t testing.TB, entries ...entry) []byte {
	t.Helper()
	return gzipped(t, tarOf(t, entries...))
}

func tarOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var plain bytes.Buffer
	writer := tar.NewWriter(&plain)
	for _, entry := range entries {
		header := &tar.Header{Name: entry.name, Typeflag: entry.kind, Linkname: entry.link, Mode: 0o644, Size: int64(len(entry.body))}
		if entry.kind != tar.TypeReg {
			header.Size = 0
		}
		if entry.kind == tar.TypeXGlobalHeader {
			header = &tar.Header{Typeflag: tar.TypeXGlobalHeader, Name: "pax_global_header", PAXRecords: map[string]string{"comment": "x"}}
		}
		if err := writer.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if header.Size > 0 {
			if _, err := writer.Write([]byte(entry.body)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return plain.Bytes()
}

func gzipped(t testing.TB, plain []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writer.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// webArchive is a valid chart with further files; names are relative to the chart.
func webArchive(t testing.TB, more ...entry) []byte {
	t.Helper()
	entries := []entry{file("web/Chart.yaml", webChartYAML)}
	for _, entry := range more {
		entry.name = "web/" + entry.name
		entries = append(entries, entry)
	}
	return archiveOfEntries(t, entries...)
}

// realChart reads one of the real charts of the test data, and skips if they are absent.
func realChart(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "charts", name))
	if os.IsNotExist(err) {
		t.Skipf("the real chart %s is not here", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func wantCode(t testing.TB, err error, code problem.Code) {
	t.Helper()
	found, ok := problem.From(err)
	if !ok || found.Code != code {
		t.Fatalf("want %s, got %v", code, err)
	}
}

func newLibrary(t testing.TB) *Library {
	t.Helper()
	store, err := NewStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return NewLibrary(store, DefaultLimits())
}
