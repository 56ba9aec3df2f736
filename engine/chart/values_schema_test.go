package chart

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
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

func TestSchemasReadNoFilesAndAskNoHosts(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.json")
	if err := os.WriteFile(secret, []byte(`{"const":"s3cret"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, schema := range []string{
		`{"$ref":"file://` + secret + `"}`, `{"$ref":"secret.json"}`, `{"$ref":"http://169.254.169.254/latest"}`,
		`{"$schema":"http://127.0.0.1:1/meta"}`, `{"$id":"https://127.0.0.1:1/a.json","$ref":"b.json"}`, `{"$ref":"ftp://x/y"}`, `{`, `[]`,
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
