// Package guard keeps a panic from ending the process. Contents of a record, a chart or the cluster must never stop the
// engine for other callers, so every goroutine of the engine is started here.
package guard

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
)

// PanicError is a recovered panic. Its text is for logs and never for an answer.
type PanicError struct {
	Value any
	Stack []byte
}

// Error says what was thrown.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Into turns a panic of the function that defers it into its error. Helm runs parts of an operation in goroutines of
// its own, where a panic would end the engine.
func Into(err *error) {
	if thrown := recover(); thrown != nil {
		*err = &PanicError{Value: thrown, Stack: debug.Stack()}
	}
}

// Call runs work, and returns a panic as an error.
func Call(work func() error) (err error) {
	defer Into(&err)
	return work()
}

// Go runs work without a result in a goroutine of its own; a panic ends that work only and is logged.
func Go(log *slog.Logger, what string, work func()) {
	go func() {
		defer Logged(log, what)
		work()
	}()
}

// GoIn is Go, counted by a wait group.
func GoIn(group *sync.WaitGroup, log *slog.Logger, what string, work func()) {
	group.Go(func() {
		defer Logged(log, what)
		work()
	})
}

// Answer runs work in a goroutine of its own and passes its result, or its panic, to `done`.
func Answer[T any](work func() (T, error), done func(T, error)) {
	go func() {
		var result T
		err := Call(func() (err error) {
			result, err = work()
			return err
		})
		done(result, err)
	}()
}

// Logged is deferred by work that cannot return an error: a panic is logged and goes no further.
func Logged(log *slog.Logger, what string) {
	if thrown := recover(); thrown != nil {
		log.Error("a goroutine panicked", "what", what, "panic", fmt.Sprint(thrown), "stack", string(debug.Stack()))
	}
}
