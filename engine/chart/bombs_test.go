package chart

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"walm.io/engine/problem"
)

// cheaply runs a check that must be refused without costing memory, and so without what fills it.
func cheaply(t *testing.T, data []byte, limits Limits, code problem.Code) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Check(data, limits)
	runtime.ReadMemStats(&after)
	wantCode(t, err, code)
	if allocated := int64(after.TotalAlloc - before.TotalAlloc); allocated > 4*limits.DecompressedBytes {
		t.Errorf("allocated %d MiB", allocated/mebibyte)
	}
}

func zeros(size int64) string { return strings.Repeat("\x00", int(size)) }

func TestBombsAreRefused(t *testing.T) {
	limits := DefaultLimits()
	t.Run("one large file", func(t *testing.T) {
		cheaply(t, webArchive(t, file("big", zeros(limits.FileBytes+1))), limits, problem.ChartTooLarge)
	})
	t.Run("many files", func(t *testing.T) {
		many := []entry{}
		for i := range 21 {
			many = append(many, file(fmt.Sprint("big", i), zeros(limits.FileBytes)))
		}
		cheaply(t, webArchive(t, many...), limits, problem.ChartTooLarge)
	})
	t.Run("after the last entry", func(t *testing.T) {
		plain := tarOf(t, file("web/Chart.yaml", webChartYAML))
		cheaply(t, gzipped(t, append(plain, zeros(limits.DecompressedBytes)...)), limits, problem.ChartTooLarge)
	})
	t.Run("many entries", func(t *testing.T) {
		small := limits
		small.Entries = 10
		many := []entry{}
		for i := range 11 {
			many = append(many, file(fmt.Sprint("f", i), ""))
		}
		cheaply(t, webArchive(t, many...), small, problem.ChartTooLarge)
	})
	t.Run("compressed size", func(t *testing.T) {
		small := limits
		small.ArchiveBytes = 10
		_, err := Check(webArchive(t), small)
		wantCode(t, err, problem.ChartTooLarge)
	})
}

// Each nested archive is below every limit of its own; together they are not.
func TestNestedArchivesShareOneBudget(t *testing.T) {
	limits := DefaultLimits()
	many := []entry{}
	for i := range 12 {
		inner := archiveOfEntries(t, file("db/Chart.yaml", "name: db\nversion: 1.0.0\n"), file("db/a", zeros(4*mebibyte)), file("db/b", zeros(5*mebibyte)))
		many = append(many, file(fmt.Sprintf("charts/db%d.tgz", i), string(inner)))
	}
	cheaply(t, webArchive(t, many...), limits, problem.ChartTooLarge)
	if _, err := Check(webArchive(t, many[:10]...), limits); err != nil {
		t.Fatalf("below the budget: %v", err)
	}
}

func TestNestingIsBounded(t *testing.T) {
	data := webArchive(t)
	for range DefaultLimits().NestedDepth + 1 {
		data = webArchive(t, file("charts/web.tgz", string(data)))
	}
	cheaply(t, data, DefaultLimits(), problem.ChartTooLarge)
}

// Helm copies a subchart for each alias, on every level.
func TestAliasesOfSubchartsAreCounted(t *testing.T) {
	var aliases strings.Builder
	for i := range 40 {
		fmt.Fprintf(&aliases, "- {name: s, version: 1.0.0, alias: a%d}\n", i)
	}
	entries := []entry{}
	folder := "web/"
	for range 4 {
		entries = append(entries, file(folder+"Chart.yaml", "apiVersion: v2\nname: s\nversion: 1.0.0\ndependencies:\n"+aliases.String()))
		folder += "charts/s/"
	}
	entries = append(entries, file(folder+"Chart.yaml", "apiVersion: v2\nname: s\nversion: 1.0.0\n"))
	cheaply(t, archiveOfEntries(t, entries...), DefaultLimits(), problem.ChartTooLarge)
}

func TestYAMLBombsAreRefused(t *testing.T) {
	laughs := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 12; i++ {
		laughs += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	keys := "base: &base {"
	for i := range 2000 {
		keys += fmt.Sprintf("k%d: 1,", i)
	}
	merges := keys + "}\nmerged:\n  <<: [" + strings.TrimSuffix(strings.Repeat("*base,", 1000), ",") + "]\n"
	chain := "c0: &c0 [x]\n"
	for i := 1; i < 300; i++ {
		chain += fmt.Sprintf("c%d: &c%d [*c%d]\n", i, i, i-1)
	}
	for _, place := range []string{"charts/db/values.yaml", "transwarp-meta/metainfo.yaml", "requirements.yaml", "Chart.lock"} {
		more := []entry{file("charts/db/Chart.yaml", "name: db\nversion: 1.0.0\n"), file(place, laughs)}
		cheaply(t, webArchive(t, more...), DefaultLimits(), problem.ChartYAMLInvalid)
	}
	for name, text := range map[string]string{
		"billion laughs":         laughs,
		"merge keys":             merges,
		"contains itself":        "a: &a [*a]\n",
		"deep flow":              "a: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "\n",
		"deeper than parsers go": "a: " + strings.Repeat("{a: ", 100_000) + strings.Repeat("}", 100_000) + "\n",
		"deep in one line":       "a:\n" + strings.Repeat("- ", 100_000) + "x\n",
		"deep keys":              "a:\n" + strings.Repeat("? ", 9_999) + "x\n",
		"deep by aliases":        chain,
		"many nodes":             "a: [" + strings.Repeat("1,", 600_000) + "]\n",
		"in the second document": "a: 1\n---\n" + laughs,
	} {
		t.Run(name, func(t *testing.T) {
			cheaply(t, webArchive(t, file("values.yaml", text)), DefaultLimits(), problem.ChartYAMLInvalid)
			nested := archiveOfEntries(t, file("db/Chart.yaml", "name: db\nversion: 1.0.0\n"+text))
			cheaply(t, webArchive(t, file("charts/db.tgz", string(nested))), DefaultLimits(), problem.ChartYAMLInvalid)
		})
	}
}
