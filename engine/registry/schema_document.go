package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"walm.io/engine/problem"
)

// schemaBytes bounds one document that a values schema refers to.
const schemaBytes = 5 << 20

// schemaKeys are fields of which a JSON schema, or a document with schemas, has at least one.
var schemaKeys = []string{
	"$schema", "$id", "id", "$ref", "$defs", "definitions", "components", "type", "properties", "enum", "const", "allOf", "anyOf", "oneOf",
}

// FetchSchema downloads a document that a values schema refers to, without credentials. Anything but a JSON schema is
// treated like a missing document. Errors: CHART_SCHEMA_INVALID, ADDRESS_REFUSED.
func (f *Fetcher) FetchSchema(ctx context.Context, address string) ([]byte, error) {
	document, err := f.fetchSchema(ctx, address)
	return document, evenly(ctx, err)
}

func (f *Fetcher) fetchSchema(ctx context.Context, address string) ([]byte, error) {
	target, err := url.Parse(address)
	if err != nil {
		return nil, problem.New(problem.ChartSchemaInvalid, "values.schema.json refers to an address that cannot be understood").Because(err)
	}
	transport, err := newTransport(f.options.Addresses, Access{})
	if err != nil {
		return nil, err
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: followRedirects}
	got, err := f.get(ctx, client, origin{}, target, http.Header{}, schemaBytes, nil)
	switch {
	case err != nil:
	case got.status != http.StatusOK:
		err = fmt.Errorf("status %d", got.status)
	case !isSchema(got.body):
		err = errors.New("what is there is no JSON schema")
	default:
		return got.body, nil
	}
	return nil, f.unreachable(ctx, err, got.at, problem.ChartSchemaInvalid,
		"values.schema.json refers to "+display(target)+", where no JSON schema can be read")
}

func isSchema(document []byte) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(document, &fields) != nil {
		return false
	}
	return slices.ContainsFunc(schemaKeys, func(key string) bool { return fields[key] != nil })
}
