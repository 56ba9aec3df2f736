package chart

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
)

// Schema is the values.schema.json of the chart or of one of its subcharts.
type Schema struct {
	// Path is where its values are in the chart's: [] for the chart's own, ["db"] for a subchart named or aliased db.
	Path []string `json:"path"`
	// Schema is the document; null if Problem says why it cannot be used.
	Schema  json.RawMessage `json:"schema"`
	Problem string          `json:"problem,omitempty"`
}

// schemasOf collects schemas depth first. A subchart that is declared several times under aliases appears once for
// each; Check bounds how many that can be.
func schemasOf(loaded *helmchart.Chart, at []string) []Schema {
	schemas := []Schema{}
	if len(loaded.Schema) > 0 {
		found := Schema{Path: at, Schema: loaded.Schema}
		if err := checkSchemaText(loaded.Schema); err != nil {
			found = Schema{Path: at, Problem: "values.schema.json of chart " + loaded.Name() + " " + err.Error()}
		}
		schemas = append(schemas, found)
	}
	for _, subchart := range sortedByName(loaded.Dependencies()) {
		for _, key := range valueKeys(loaded, subchart.Name()) {
			schemas = append(schemas, schemasOf(subchart, append(slices.Clone(at), key))...)
		}
	}
	return schemas
}

// valueKeys are the keys of a subchart's values: its aliases, or its own name.
func valueKeys(parent *helmchart.Chart, name string) []string {
	keys := []string{}
	for _, declared := range parent.Metadata.Dependencies {
		if declared.Name != name {
			continue
		}
		if declared.Alias != "" {
			keys = append(keys, declared.Alias)
		} else {
			keys = append(keys, name)
		}
	}
	if len(keys) == 0 {
		return []string{name}
	}
	return keys
}

// sortedByName undoes the random order in which Helm loads subcharts.
func sortedByName(charts []*helmchart.Chart) []*helmchart.Chart {
	return slices.SortedStableFunc(slices.Values(charts), func(a, b *helmchart.Chart) int {
		return strings.Compare(a.Name(), b.Name())
	})
}

// maxSchemaDepth is the maximum nesting of a schema: an answer contains it, and encoders and decoders have a limit, too.
const maxSchemaDepth = 200

// checkSchemaText refuses schemas that no answer could contain.
func checkSchemaText(text []byte) error {
	depth, inText := 0, false
	for at := 0; at < len(text); at++ {
		switch char := text[at]; {
		case char == '"':
			inText = !inText
		case inText && char == '\\':
			at++
		case !inText && (char == '{' || char == '['):
			depth++
		case !inText && (char == '}' || char == ']'):
			depth--
		}
		if depth > maxSchemaDepth {
			return fmt.Errorf("nests deeper than %d levels", maxSchemaDepth)
		}
	}
	if !json.Valid(text) {
		return errors.New("is not JSON")
	}
	return nil
}
