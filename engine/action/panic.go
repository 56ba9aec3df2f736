package action

import (
	"fmt"
	"runtime/debug"
)

// PanicError is a panic that was caught. Its text is for logs and never for an answer.
type PanicError struct {
	Value any
	Stack []byte
}

// Error says what was thrown.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// RecoverInto turns a panic of the function that defers it into its error. Helm runs parts of an operation in
// goroutines of its own, where a panic would end the engine.
func RecoverInto(err *error) {
	if thrown := recover(); thrown != nil {
		*err = &PanicError{Value: thrown, Stack: debug.Stack()}
	}
}
