package chart

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	// maxEvaluations bounds how often subschemas are applied: references that branch on each level cause an
	// exponential number of evaluations with a few lines of schema.
	maxEvaluations = 1_000_000
	maxValidation  = 10 * time.Second
	// maxEnum is far above real ones; comparing is not counted as an evaluation.
	maxEnum = 10_000
	// maxComparisons bounds the comparisons that are not counted because a differing value is rejected before: the
	// number of values times the number of alternatives in one schema.
	maxComparisons = 10_000_000
	// maxMatching bounds, in bytes of the values times instructions, the cost of one pattern.
	maxMatching = 1_000_000_000
)

var errSchemaTooExpensive = errors.New("applying it takes more steps than any real schema")

// schemaBudget counts the evaluations of one validation. The validator has no limits of its own, but calls extensions
// for each evaluation.
type schemaBudget struct {
	left     int
	deadline time.Time
	// nodes and bytes are the size of the validated values.
	nodes, bytes int
}

func newSchemaBudget() *schemaBudget {
	return &schemaBudget{left: maxEvaluations, deadline: time.Now().Add(maxValidation)}
}

// attach makes a compiler build schemas that spend the budget.
func (b *schemaBudget) attach(compiler *jsonschema.Compiler) {
	compiler.RegisterVocabulary(&jsonschema.Vocabulary{
		URL: "urn:walm:budget",
		Compile: func(_ *jsonschema.CompilerContext, schema map[string]any) (jsonschema.SchemaExt, error) {
			return b, b.check(schema)
		},
	})
	compiler.AssertVocabs()
}

// check refuses a subschema that compares each of the values with too many alternatives.
func (b *schemaBudget) check(schema map[string]any) error {
	if values, isList := schema["enum"].([]any); isList && len(values) > maxEnum {
		return fmt.Errorf("an enum has more than %d values", maxEnum)
	}
	compared := 0
	for _, keyword := range []string{"enum", "const"} {
		if value, isGiven := schema[keyword]; isGiven {
			nodes, _ := sizeOf(value)
			compared += nodes
		}
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		branches, _ := schema[keyword].([]any)
		compared += len(branches)
	}
	patterns, _ := schema["patternProperties"].(map[string]any)
	for pattern := range patterns {
		if err := b.checkPattern(pattern); err != nil {
			return err
		}
	}
	if compared += len(patterns); compared > 1 && compared*b.nodes > maxComparisons {
		return fmt.Errorf("it compares each of %d values with %d: %w", b.nodes, compared, errSchemaTooExpensive)
	}
	pattern, _ := schema["pattern"].(string)
	return b.checkPattern(pattern)
}

func (b *schemaBudget) checkPattern(pattern string) error {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		// The validator reports the reason.
		return nil
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err == nil && len(program.Inst)*b.bytes > maxMatching {
		return fmt.Errorf("it looks for a pattern of %d steps in values of %d bytes: %w", len(program.Inst), b.bytes, errSchemaTooExpensive)
	}
	return nil
}

// Validate is called by the validator for each evaluation. It can only stop the validation by a panic; see validate.
func (b *schemaBudget) Validate(*jsonschema.ValidatorContext, any) {
	if b.left--; b.left < 0 || time.Now().After(b.deadline) {
		panic(errSchemaTooExpensive)
	}
}

// validate applies a schema that was compiled with the budget.
func (b *schemaBudget) validate(compiled *jsonschema.Schema, values map[string]any) (err error) {
	defer func() {
		if stopped := recover(); stopped == errSchemaTooExpensive {
			err = errSchemaTooExpensive
		} else if stopped != nil {
			err = fmt.Errorf("it cannot be applied: %v", stopped)
		}
	}()
	return compiled.Validate(values)
}
