package chart

import (
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/excerpt"
	"walm.io/engine/problem"
)

// SchemaFetcher downloads a schema document from its http or https address. It decides which addresses are allowed and
// how large a document may be.
type SchemaFetcher func(address string) ([]byte, error)

// SchemaViolation is one value that a schema does not allow.
type SchemaViolation struct {
	Chart string `json:"chart"`
	// Path is a JSON pointer into the values of that chart; "" is the whole document.
	Path    string `json:"path"`
	Message string `json:"message"`
}

// ValidateValues validates coalesced values against the schemas of a chart and its enabled subcharts, with Helm's rules
// and messages. It replaces Helm's own validation, which reads any file and connects to any host that a schema refers
// to: here files are refused and addresses go through fetch. Errors: VALUES_SCHEMA_INVALID with `violations`,
// CHART_SCHEMA_INVALID.
func ValidateValues(loaded *helmchart.Chart, values map[string]any, fetch SchemaFetcher) error {
	return validateWithin(newSchemaBudget(), loaded, values, fetch)
}

func validateWithin(budget *schemaBudget, loaded *helmchart.Chart, values map[string]any, fetch SchemaFetcher) error {
	budget.nodes, budget.bytes = sizeOf(values)
	validation := schemaValidation{fetch: fetch, budget: budget}
	if err := validation.visit(loaded, values); err != nil {
		return err
	}
	if len(validation.violations) == 0 {
		return nil
	}
	return problem.New(problem.ValuesSchemaInvalid,
		"values don't meet the specifications of the schema(s) in the following chart(s):\n%s", printable(validation.text.String())).
		With("violations", validation.violations)
}

type schemaValidation struct {
	fetch      SchemaFetcher
	budget     *schemaBudget
	text       strings.Builder
	violations []SchemaViolation
}

func (v *schemaValidation) visit(loaded *helmchart.Chart, values map[string]any) error {
	if len(loaded.Schema) > 0 {
		if err := v.validate(loaded, values); err != nil {
			return err
		}
	}
	for _, subchart := range sortedByName(loaded.Dependencies()) {
		switch below := values[subchart.Name()].(type) {
		case nil:
		case map[string]any:
			if err := v.visit(subchart, below); err != nil {
				return err
			}
		default:
			reason := fmt.Sprintf("invalid type for values: expected object (map), got %T", below)
			fmt.Fprintf(&v.text, "%s:\n%s\n", subchart.Name(), reason)
			v.violations = append(v.violations, SchemaViolation{Chart: subchart.Name(), Message: reason})
		}
	}
	return nil
}

func (v *schemaValidation) validate(loaded *helmchart.Chart, values map[string]any) error {
	compiled, err := v.compile(loaded.Schema)
	if err == nil {
		err = v.budget.validate(compiled, values)
	}
	var invalid *jsonschema.ValidationError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &invalid):
		return schemaUnusable(loaded.Name(), err)
	}
	v.collect(loaded.Name(), invalid)
	text := fmt.Sprintf("- more than %d values are not allowed", maxViolations)
	if len(v.violations) < maxViolations {
		text = strings.TrimPrefix(invalid.Error(), "jsonschema validation failed with '"+ownSchema+"#'\n")
	}
	fmt.Fprintf(&v.text, "%s:\n%s\n", loaded.Name(), excerpt.Of(text, violationsText))
	return nil
}

const (
	// maxViolations, violationsText and violationText bound the contents of one refusal, in numbers and bytes.
	maxViolations  = 1_000
	violationsText = 64 << 10
	violationText  = 1 << 10
)

func schemaUnusable(chart string, err error) error {
	var unloaded *jsonschema.LoadURLError
	if errors.As(err, &unloaded) {
		if known, found := problem.From(unloaded.Err); found {
			return known
		}
	}
	return problem.New(problem.ChartSchemaInvalid, "values.schema.json of chart %s cannot be used: %s", chart, printable(err.Error())).Because(err)
}

// collect keeps the innermost reasons; the outer ones only say that something below them failed.
func (v *schemaValidation) collect(chart string, invalid *jsonschema.ValidationError) {
	for _, cause := range invalid.Causes {
		v.collect(chart, cause)
	}
	if len(invalid.Causes) > 0 || len(v.violations) >= maxViolations {
		return
	}
	path := ""
	for _, key := range invalid.InstanceLocation {
		path += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
	}
	reason := excerpt.Of(printable(invalid.ErrorKind.LocalizedString(message.NewPrinter(language.English))), violationText)
	v.violations = append(v.violations, SchemaViolation{Chart: chart, Path: path, Message: reason})
}

// ownSchema is the address that Helm gives the schema; its messages and relative references start from it.
const ownSchema = "file:///values.schema.json"

func (v *schemaValidation) compile(text []byte) (*jsonschema.Schema, error) {
	if err := checkSchemaText(text); err != nil {
		return nil, fmt.Errorf("it %w", err)
	}
	schema, err := unmarshalSchema(text)
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(schemaLoader{fetch: v.fetch})
	v.budget.attach(compiler)
	if err := compiler.AddResource(ownSchema, schema); err != nil {
		return nil, err
	}
	return compiler.Compile(ownSchema)
}
