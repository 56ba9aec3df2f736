// Package problemtest helps tests with problems.
package problemtest

import (
	"testing"

	"walm.io/engine/problem"
)

// Want fails the test unless an error is a problem with the code, and returns it.
func Want(t *testing.T, err error, code problem.Code) *problem.Problem {
	t.Helper()
	found, ok := problem.From(err)
	if !ok || found.Code != code {
		t.Fatalf("want %s, got %v", code, err)
	}
	return found
}
