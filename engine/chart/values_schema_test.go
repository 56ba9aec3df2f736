package chart

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common/util"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/problem"
)

func chartWithSchema(schema string, subcharts ...*helmchart.Chart) *helmchart.Chart {
	made := &helmchart.Chart{Metadata: &helmchart.Metadata{Name: "web"}, Schema: []byte(schema)}
	made.AddDependency(subcharts...)
	return made
}

func TestValidateValuesSaysWhatHelmSays(t *testing.T) {
	db := chartWithSchema(`{"properties":{"size":{"minimum":1}}}`)
	db.Metadata.Name = "db"
	loaded := chartWithSchema(`{"properties":{"replicas":{"type":"integer"},"a/b":{"type":"string"}},"required":["name"]}`, db)
	values := map[string]any{"replicas": "two", "a/b": 1.0, "db": map[string]any{"size": 0.0}}

	err := ValidateValues(loaded, values, nil)
	wantCode(t, err, problem.ValuesSchemaInvalid)
	want := "values don't meet the specifications of the schema(s) in the following chart(s):\n" + util.ValidateAgainstSchema(loaded, values).Error()
	if sortedLines(err.Error()) != sortedLines(want) {
		t.Errorf("got  %q\nwant %q", err, want)
	}
	found, _ := problem.From(err)
	violations := map[string]string{}
	for _, violation := range found.Details["violations"].([]SchemaViolation) {
		violations[violation.Chart+violation.Path] = violation.Message
	}
	if violations["web/replicas"] != "got string, want integer" || violations["web/a~1b"] == "" || violations["db/size"] == "" || violations["web"] == "" {
		t.Errorf("got %v", violations)
	}
	if _, err := json.Marshal(found); err != nil {
		t.Error(err)
	}
}

func sortedLines(text string) string {
	counts := map[string]int{}
	for line := range strings.SplitSeq(text, "\n") {
		counts[line]++
	}
	sorted, _ := json.Marshal(counts)
	return string(sorted)
}

func TestValidateValuesAccepts(t *testing.T) {
	for name, schema := range map[string]string{
		"no schema": "", "matching": `{"type":"object"}`, "known draft": `{"$schema":"http://json-schema.org/draft-07/schema#"}`,
		"own definitions": `{"$ref":"#/$defs/x","$defs":{"x":{"type":"object"}}}`, "urn": `{"$ref":"urn:example:x"}`,
	} {
		if err := ValidateValues(chartWithSchema(schema), map[string]any{"a": 1.0}, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Helm's validator would practically never end on these.
func TestExpensiveSchemasAreGivenUp(t *testing.T) {
	branching := func(keyword, leaf string) string {
		definitions := `"a0":` + leaf
		for i := 1; i < 60; i++ {
			definitions += fmt.Sprintf(`,"a%d":{%q:[{"$ref":"#/$defs/a%d"},{"$ref":"#/$defs/a%d"}]}`, i, keyword, i-1, i-1)
		}
		return `{"$ref":"#/$defs/a59","$defs":{` + definitions + `}}`
	}
	for name, schema := range map[string]string{
		"all that hold": branching("allOf", `{"type":"object"}`), "none that holds": branching("anyOf", `{"type":"string"}`),
		"an older draft": `{"$schema":"http://json-schema.org/draft-07/schema#",` + branching("oneOf", `{"required":["x"]}`)[1:],
		"many values":    `{"enum":[` + strings.Repeat("1,", maxEnum) + `1]}`,
	} {
		budget := newSchemaBudget()
		budget.left = 10_000
		err := validateWithin(budget, chartWithSchema(schema), map[string]any{"a": 1.0}, nil)
		if !problem.HasCode(err, problem.ChartSchemaInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	endless := `{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}`
	if err := ValidateValues(chartWithSchema(endless), map[string]any{}, nil); err == nil {
		t.Error("a reference to itself is accepted")
	}
}

// Comparisons of differing values are not counted by the validator, and a single number can be a megabyte.
func TestWhatIsNotCountedIsBounded(t *testing.T) {
	many := func(count int, value any) map[string]any {
		return map[string]any{"a": slices.Repeat([]any{value}, count)}
	}
	items := func(schema string) string { return `{"properties":{"a":{"items":` + schema + `}}}` }
	texts := strings.TrimSuffix(strings.Repeat(`"x",`, 9_000), ",")
	for name, tried := range map[string]struct {
		schema string
		values map[string]any
	}{
		"an exact fraction":      {items(`{"multipleOf":1e-999999}`), many(50, 3.0)},
		"a number without end":   {items(`{"enum":[1,1E+999999]}`), many(50, 3.0)},
		"digits without end":     {`{"default":1` + strings.Repeat("0", 500) + `}`, many(1, 3.0)},
		"an exponent too long":   {`{"const":1e99999999999999999999}`, many(1, 3.0)},
		"many values of many":    {items(`{"enum":[` + texts + `]}`), many(20_000, "y")},
		"a constant of many":     {items(`{"const":[` + texts + `]}`), many(20_000, "y")},
		"branches that differ":   {items(`{"anyOf":[` + strings.TrimSuffix(strings.Repeat(`{"type":"null"},`, 9_000), ",") + `]}`), many(20_000, "y")},
		"a pattern that is long": {items(`{"pattern":"(a?b?c?){300}$"}`), many(1, strings.Repeat("abcd", 1<<20))},
	} {
		err := ValidateValues(chartWithSchema(tried.schema), tried.values, nil)
		if !problem.HasCode(err, problem.ChartSchemaInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, schema := range map[string]string{
		"a large enum": items(`{"enum":[` + strings.Repeat(`"z",`, 600) + `"y"]}`), "doubles": items(`{"not":{"enum":[1e308,1e-320,-0.5]}}`),
		"a pattern": items(`{"pattern":"^[a-z]([-a-z0-9]*[a-z0-9])?$"}`),
	} {
		if err := ValidateValues(chartWithSchema(schema), many(5_000, "y"), nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefusalsAreBounded(t *testing.T) {
	values := map[string]any{}
	for i := range 5_000 {
		values[fmt.Sprint("k", i)] = strings.Repeat("x", 100)
	}
	err := ValidateValues(chartWithSchema(`{"additionalProperties":{"type":"integer"}}`), values, nil)
	wantCode(t, err, problem.ValuesSchemaInvalid)
	found, _ := problem.From(err)
	if count := len(found.Details["violations"].([]SchemaViolation)); count != maxViolations || len(err.Error()) > 2*violationsText {
		t.Errorf("%d violations, %d bytes", count, len(err.Error()))
	}
	err = ValidateValues(chartWithSchema(`{"const":"`+strings.Repeat("é", 1<<20)+`"}`), map[string]any{}, nil)
	wantCode(t, err, problem.ValuesSchemaInvalid)
	if len(err.Error()) > 2*violationsText {
		t.Errorf("%d bytes", len(err.Error()))
	}
}

func TestSchemasReadNoFilesAndAskNoHosts(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.json")
	if err := os.WriteFile(secret, []byte(`{"const":"s3cret"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, schema := range []string{
		`{"$ref":"file://` + secret + `"}`, `{"$ref":"secret.json"}`, `{"$ref":"http://169.254.169.254/latest"}`,
		`{"$schema":"http://127.0.0.1:1/meta"}`, `{"$id":"https://127.0.0.1:1/a.json","$ref":"b.json"}`, `{"$ref":"ftp://x/y"}`, `{`, `[]`,
		strings.Repeat(`{"not":`, 201) + `true` + strings.Repeat(`}`, 201),
	} {
		err := ValidateValues(chartWithSchema(schema), map[string]any{}, nil)
		wantCode(t, err, problem.ChartSchemaInvalid)
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("leaks the file: %v", err)
		}
	}
}

func TestSchemaAddressesGoThroughTheFetcher(t *testing.T) {
	asked := []string{}
	fetch := func(address string) ([]byte, error) {
		asked = append(asked, address)
		if strings.HasSuffix(address, "refused") {
			return nil, problem.New(problem.AddressRefused, "refused")
		}
		return []byte(`{"type":"string"}`), nil
	}
	err := ValidateValues(chartWithSchema(`{"properties":{"a":{"$ref":"https://example.com/a.json"}}}`), map[string]any{"a": 1.0}, fetch)
	wantCode(t, err, problem.ValuesSchemaInvalid)
	err = ValidateValues(chartWithSchema(`{"$ref":"https://example.com/refused"}`), map[string]any{}, fetch)
	wantCode(t, err, problem.AddressRefused)
	if len(asked) != 2 || asked[0] != "https://example.com/a.json" {
		t.Errorf("asked %v", asked)
	}
	fetch = func(string) ([]byte, error) { return nil, errors.New("broken") }
	wantCode(t, ValidateValues(chartWithSchema(`{"$ref":"https://example.com/a"}`), map[string]any{}, fetch), problem.ChartSchemaInvalid)
}
