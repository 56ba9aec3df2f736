package chart

import (
	"archive/tar"
	"testing"

	"walm.io/engine/problem"
)

// FuzzCheckArchive checks that any bytes give a chart or a problem with a code, never a panic.
func FuzzCheckArchive(f *testing.F) {
	good := webArchive(f, file("values.yaml", "a: &a {x: 1}\nb: *a\n"), file("templates/a.yaml", "x"))
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(webArchive(f, file("charts/db.tgz", string(good))))
	f.Add(webArchive(f, entry{name: "x", kind: tar.TypeSymlink, link: "../x"}))
	f.Add([]byte("\x1f\x8b\x08"))
	limits := DefaultLimits()
	limits.DecompressedBytes, limits.FileBytes = mebibyte, mebibyte/4
	f.Fuzz(func(t *testing.T, data []byte) {
		loaded, err := Check(data, limits)
		if err == nil {
			Describe(loaded)
			return
		}
		if _, known := problem.From(err); !known {
			t.Fatalf("an error without a code: %v", err)
		}
	})
}

// FuzzCheckYAML feeds the YAML guard directly, because compression hides it from the other fuzz target.
func FuzzCheckYAML(f *testing.F) {
	f.Add("a: &a {x: 1}\nb:\n  <<: *a\n---\n- *a\n")
	f.Add("a: &a [*a]\n")
	limits := DefaultLimits()
	limits.YAMLNodes = 1000
	f.Fuzz(func(t *testing.T, text string) {
		if err := CheckYAML("values.yaml", []byte(text), limits); err != nil {
			wantCode(t, err, problem.ChartYAMLInvalid)
		}
	})
}
