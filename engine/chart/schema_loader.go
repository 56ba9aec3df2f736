package chart

import (
	"strings"

	"walm.io/engine/problem"
)

// schemaLoader resolves the references of a schema to other documents.
type schemaLoader struct {
	fetch SchemaFetcher
}

// Load is called by the compiler for every document that is not the schema itself nor a known draft.
func (l schemaLoader) Load(address string) (any, error) {
	scheme, _, _ := strings.Cut(address, ":")
	switch {
	case scheme == "urn":
		// Helm accepts what an unresolved URN refers to.
		return true, nil
	case (scheme == "http" || scheme == "https") && l.fetch != nil:
		document, err := l.fetch(address)
		if err != nil {
			return nil, err
		}
		return unmarshalSchema(document)
	default:
		return nil, problem.New(problem.ChartSchemaInvalid,
			"values.schema.json refers to %q, which is outside the chart: put the definition into the schema itself", printable(address))
	}
}
