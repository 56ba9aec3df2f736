package chart

import (
	"archive/tar"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/loader/archive"

	"walm.io/engine/problem"
)

func TestCheckAcceptsCharts(t *testing.T) {
	subchart := archiveOfEntries(t, file("db/Chart.yaml", "apiVersion: v1\nname: db\nversion: 0.1.0\n"))
	archives := map[string][]byte{
		"minimal":                 webArchive(t),
		"no apiVersion":           archiveOfEntries(t, file("web/Chart.yaml", "name: web\nversion: 1.2.3\n")),
		"folders and git":         archiveOfEntries(t, entry{kind: tar.TypeXGlobalHeader}, entry{name: "web/", kind: tar.TypeDir}, file("web/Chart.yaml", webChartYAML)),
		"byte order mark":         archiveOfEntries(t, file("web/Chart.yaml", "\ufeff"+webChartYAML)),
		"nested archive":          webArchive(t, file("charts/db-0.1.0.tgz", string(subchart))),
		"same file twice":         webArchive(t, file("README.md", "a"), file("README.md", "a")),
		"anchors":                 webArchive(t, file("values.yaml", "a: &a {x: 1}\nb: *a\nc:\n  <<: *a\n")),
		"broken file in _dir":     webArchive(t, file("charts/_ignored.tgz", "not an archive")),
		"a tgz outside charts":    webArchive(t, file("files/charts/x.tgz", "not an archive")),
		"what is inside a folder": archiveOfEntries(t, entry{name: "./", kind: tar.TypeDir}, file("./Chart.yaml", webChartYAML), file("./templates/a.yaml", "")),
		"a folder with ./":        archiveOfEntries(t, entry{name: "./web/", kind: tar.TypeDir}, file("./web/Chart.yaml", webChartYAML), file("./web/templates/a.yaml", "")),
		"parts that say nothing":  archiveOfEntries(t, file("web/./Chart.yaml", webChartYAML), file("web/templates//a.yaml", "")),
		"packed on Windows":       archiveOfEntries(t, file(`web\Chart.yaml`, webChartYAML), file(`web\templates\a.yaml`, "")),
		"packed on macOS": archiveOfEntries(t, file("._web", "\x00\x05\x16\x07"), file("web/Chart.yaml", webChartYAML), file("web/templates/._a.yaml", "\x00\x05\x16\x07x"),
			file("web/templates/a.yaml", ""), file("__MACOSX/web/._Chart.yaml", "x"), file(".DS_Store", "x"), file("web/templates/.DS_Store", "x")),
	}
	for name, data := range archives {
		t.Run(name, func(t *testing.T) {
			loaded, err := Check(data, DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			if len(loaded.Templates) > 1 || (len(loaded.Templates) == 1 && loaded.Templates[0].Name != "templates/a.yaml") {
				t.Fatalf("templates %v", loaded.Templates)
			}
			if loaded.Name() != "web" || loaded.Metadata.Version != "1.2.3" {
				t.Fatalf("got %s %s", loaded.Name(), loaded.Metadata.Version)
			}
		})
	}
}

func TestCheckRefusesMalformedArchives(t *testing.T) {
	good := webArchive(t, file("values.yaml", strings.Repeat("key: value\n", 100)))
	plain := tarOf(t, file("web/Chart.yaml", webChartYAML))
	damaged := bytes.Clone(good)
	damaged[len(damaged)-8] ^= 0xff
	cases := map[string]struct {
		data []byte
		code problem.Code
	}{
		"empty":                    {nil, problem.ChartArchiveInvalid},
		"not gzip":                 {[]byte("name: web\n"), problem.ChartArchiveInvalid},
		"gzip of no tar":           {gzipped(t, bytes.Repeat([]byte("x"), 2048)), problem.ChartArchiveInvalid},
		"plain tar":                {plain, problem.ChartArchiveInvalid},
		"no files":                 {archiveOfEntries(t), problem.ChartArchiveInvalid},
		"cut off":                  {good[:len(good)/2], problem.ChartArchiveInvalid},
		"cut off in the checksum":  {good[:len(good)-3], problem.ChartArchiveInvalid},
		"wrong checksum":           {damaged, problem.ChartArchiveInvalid},
		"bytes after gzip":         {append(bytes.Clone(good), "garbage after the end"...), problem.ChartArchiveInvalid},
		"bytes after tar":          {gzipped(t, append(bytes.Clone(plain), "hidden"...)), problem.ChartArchiveInvalid},
		"a second gzip member":     {append(bytes.Clone(good), good...), problem.ChartArchiveInvalid},
		"no Chart.yaml":            {archiveOfEntries(t, file("web/values.yaml", "a: 1\n")), problem.ChartArchiveInvalid},
		"Chart.yaml at the top":    {archiveOfEntries(t, file("Chart.yaml", webChartYAML)), problem.ChartArchiveInvalid},
		"broken nested archive":    {webArchive(t, file("charts/db.tgz", "no")), problem.ChartArchiveInvalid},
		"two different files":      {webArchive(t, file("a", "1"), file("a", "2")), problem.ChartArchiveInvalid},
		"broken Chart.yaml":        {archiveOfEntries(t, file("web/Chart.yaml", "name: [\n")), problem.ChartYAMLInvalid},
		"Chart.yaml is a list":     {archiveOfEntries(t, file("web/Chart.yaml", "- a\n")), problem.ChartYAMLInvalid},
		"unknown apiVersion":       {archiveOfEntries(t, file("web/Chart.yaml", "apiVersion: v9\nname: web\nversion: 1.0.0\n")), problem.ChartYAMLInvalid},
		"no version":               {archiveOfEntries(t, file("web/Chart.yaml", "name: web\n")), problem.ChartYAMLInvalid},
		"version is a path":        {archiveOfEntries(t, file("web/Chart.yaml", "name: web\nversion: ../../x\n")), problem.ChartYAMLInvalid},
		"broken values.yaml":       {webArchive(t, file("values.yaml", "a: b: c\n")), problem.ChartYAMLInvalid},
		"values.yaml is a list":    {webArchive(t, file("values.yaml", "- a\n")), problem.ChartYAMLInvalid},
		"null dependency":          {archiveOfEntries(t, file("web/Chart.yaml", webChartYAML+"dependencies: [null]\n")), problem.ChartYAMLInvalid},
		"alias with a slash":       {archiveOfEntries(t, file("web/Chart.yaml", webChartYAML+"dependencies: [{name: a, alias: ../x}]\n")), problem.ChartYAMLInvalid},
		"null maintainer":          {archiveOfEntries(t, file("web/Chart.yaml", webChartYAML+"maintainers: [null]\n")), problem.ChartYAMLInvalid},
		"dependency is a path":     {archiveOfEntries(t, file("web/Chart.yaml", webChartYAML+"dependencies: [{name: ../x}]\n")), problem.ChartUnsafePath},
		"subchart name is a path":  {webArchive(t, file("charts/a/Chart.yaml", "name: 'a\\b'\nversion: 1.0.0\n")), problem.ChartUnsafePath},
		"symlink":                  {webArchive(t, entry{name: "values.yaml", kind: tar.TypeSymlink, link: "/etc/passwd"}), problem.ChartUnsafePath},
		"hard link":                {webArchive(t, entry{name: "values.yaml", kind: tar.TypeLink, link: "web/Chart.yaml"}), problem.ChartUnsafePath},
		"device":                   {webArchive(t, entry{name: "dev", kind: tar.TypeChar}), problem.ChartUnsafePath},
		"named pipe":               {webArchive(t, entry{name: "pipe", kind: tar.TypeFifo}), problem.ChartUnsafePath},
		"nested symlink":           {webArchive(t, file("charts/db.tgz", string(archiveOfEntries(t, entry{name: "db/x", kind: tar.TypeSymlink, link: ".."})))), problem.ChartUnsafePath},
		"chart name . in metadata": {archiveOfEntries(t, file("web/Chart.yaml", "name: .\nversion: 1.0.0\n")), problem.ChartYAMLInvalid},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Check(test.data, DefaultLimits())
			wantCode(t, err, test.code)
		})
	}
}

// TestCheckTellsWhatFollowsAnArchiveFromOneThatIsCutOff: gzip.Reader says the same of both.
func TestCheckTellsWhatFollowsAnArchiveFromOneThatIsCutOff(t *testing.T) {
	good := webArchive(t, file("values.yaml", strings.Repeat("key: value\n", 100)))
	behind, cut := "has data after its end", "it is cut off"
	for name, test := range map[string]struct {
		data []byte
		says string
	}{
		"a byte":                 {append(bytes.Clone(good), 'x'), behind},
		"a short text":           {append(bytes.Clone(good), "garbage"...), behind},
		"a long text":            {append(bytes.Clone(good), strings.Repeat("garbage", 100)...), behind},
		"zeros":                  {append(bytes.Clone(good), make([]byte, 4)...), behind},
		"half a header":          {append(bytes.Clone(good), good[:5]...), behind},
		"the archive again":      {append(bytes.Clone(good), good...), behind},
		"half of another member": {append(bytes.Clone(good), gzipped(t, make([]byte, 4096))[:14]...), cut},
		"cut in the middle":      {good[:len(good)/2], cut},
		"cut in the checksum":    {good[:len(good)-3], cut},
	} {
		_, err := Check(test.data, DefaultLimits())
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	plain := tarOf(t, file("web/Chart.yaml", webChartYAML), file("web/values.yaml", "a: 1\n"))
	parts := append(gzipped(t, plain[:700]), append(gzipped(t, nil), gzipped(t, plain[700:])...)...)
	if _, err := Check(parts, DefaultLimits()); err != nil {
		t.Errorf("an archive of several members: %v", err)
	}
}

func TestCheckRefusesUnsafeNames(t *testing.T) {
	names := []string{
		"..", "a/../b", "web/../../etc/passwd", "../web/Chart.yaml", "/etc/passwd", "web//etc/passwd", `\etc\passwd`,
		"C:/x", "web/C:/x", `web\C:\x`, `web/..\x`, "web/a\x00b", "web/\x1b[2Ja", "web/a\nb", "web/" + strings.Repeat("a", 2000),
	}
	for _, name := range names {
		t.Run(fmt.Sprintf("%.20q", name), func(t *testing.T) {
			if _, err := entryOf(name); err == nil {
				t.Fatal("accepted")
			} else {
				wantCode(t, err, problem.ChartUnsafePath)
			}
			if strings.ContainsAny(name, "\x00") {
				return // tar cannot hold it
			}
			_, err := Check(archiveOfEntries(t, file("web/Chart.yaml", webChartYAML), file(name, "x")), DefaultLimits())
			wantCode(t, err, problem.ChartUnsafePath)
		})
	}
	for _, name := range []string{".", "..", "a/b", `a\b`, "C:x", "a\x01b", ""} {
		wantCode(t, checkName("chart name", name), problem.ChartUnsafePath)
	}
}

func TestIsNestedArchiveFollowsHelm(t *testing.T) {
	for name, want := range map[string]bool{
		"charts/a.tgz": true, "charts/b/charts/a.tgz": true, "charts/_a.tgz": false, "charts/.a.tgz": false,
		"charts/_b/charts/a.tgz": false, "templates/a.tgz": false, "charts/a.tgz/x": false, "charts/a.tar": false, "a.tgz": false,
	} {
		if got := isNestedArchive(name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestMessagesNameTheFileAndNoControlCharacters(t *testing.T) {
	_, err := Check(archiveOfEntries(t, file("web/Chart.yaml", "name: \"w\\eeb/x\"\nversion: 1.0.0\n")), DefaultLimits())
	if err == nil || strings.ContainsRune(err.Error(), '\x1b') {
		t.Fatalf("got %q", err)
	}
	_, err = Check(webArchive(t, file("templates/x", "a"), entry{name: "lib/evil", kind: tar.TypeSymlink, link: "x"}), DefaultLimits())
	if err == nil || !strings.Contains(err.Error(), "web/lib/evil") {
		t.Fatalf("got %v", err)
	}
}

// TestNamesAreReadAsHelmReadsThem compares with Helm's own loader: names that it accepts are read alike.
func TestNamesAreReadAsHelmReadsThem(t *testing.T) {
	for _, names := range [][]string{
		{"web/Chart.yaml", "web/templates/a.yaml"}, {"./Chart.yaml", "./templates/a.yaml", "./files/b"}, {"other/Chart.yaml", "web/templates/a.yaml"},
		{"web/./Chart.yaml", "web/templates//a.yaml"}, {`web\Chart.yaml`, `web\templates\a.yaml`}, {"./Chart.yaml", "web/templates/a.yaml"},
	} {
		entries := []entry{}
		for _, name := range names {
			entries = append(entries, file(name, webChartYAML))
		}
		data := archiveOfEntries(t, entries...)
		wanted, err := archive.LoadArchiveFiles(bytes.NewReader(data))
		if err != nil {
			t.Fatal(names, err)
		}
		found, err := readFiles(data, newBudget(DefaultLimits()), "it")
		if err != nil {
			t.Error(names, err)
			continue
		}
		for index := range wanted {
			if found[index].Name != wanted[index].Name {
				t.Errorf("%v: %s, and Helm reads %s", names, found[index].Name, wanted[index].Name)
			}
		}
	}
}
