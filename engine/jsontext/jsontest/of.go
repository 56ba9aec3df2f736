// Package jsontest helps tests to compare values.
package jsontest

import (
	"encoding/json"
	"testing"
)

// Of is the JSON of a value, which the test fails without.
func Of(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
