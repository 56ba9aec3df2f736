package chart

import (
	"errors"
	"fmt"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	// mostEvaluations bounds how often subschemas are applied: references that branch on each level ask for more
	// than any machine can do, with a few lines of schema.
	mostEvaluations   = 1_000_000
	longestValidation = 10 * time.Second
	// largestEnum is far above real ones; comparing is not counted as an evaluation.
	largestEnum = 10_000
)

var errSchemaTooExpensive = errors.New("applying it takes more steps than any real schema")

// schemaBudget counts the evaluations of one validation. The validator knows no limits; it lets extensions see each
// evaluation, though.
type schemaBudget struct {
	left     int
	deadline time.Time
}

func newSchemaBudget() *schemaBudget {
	return &schemaBudget{left: mostEvaluations, deadline: time.Now().Add(longestValidation)}
}

// attach makes a compiler build schemas that spend the budget.
func (b *schemaBudget) attach(compiler *jsonschema.Compiler) {
	compiler.RegisterVocabulary(&jsonschema.Vocabulary{
		URL: "urn:walm:budget",
		Compile: func(_ *jsonschema.CompilerContext, schema map[string]any) (jsonschema.SchemaExt, error) {
			if values, isList := schema["enum"].([]any); isList && len(values) > largestEnum {
				return nil, fmt.Errorf("an enum has more than %d values", largestEnum)
			}
			return b, nil
		},
	})
	compiler.AssertVocabs()
}

// Validate is called by the validator at each evaluation. It has no way to give up but to panic; see validate.
func (b *schemaBudget) Validate(*jsonschema.ValidatorContext, any) {
	if b.left--; b.left < 0 || (b.left%1024 == 0 && time.Now().After(b.deadline)) {
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
