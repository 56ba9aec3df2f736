// Package problem contains the errors that cross the process boundary: a stable code for programs, a sentence for
// people, and the object they are about. Everything else is an unexpected error.
package problem

import (
	"errors"
	"fmt"
	"maps"
)

// ObjectRef names one Kubernetes object.
type ObjectRef struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind,omitempty"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name,omitempty"`
}

// Problem is an error that the caller can act on. Message says what happened, to which object, and what to do; it never
// contains a credential. The JSON form is the `data` of a JSON-RPC error.
type Problem struct {
	Code    Code           `json:"code"`
	Message string         `json:"message"`
	Details map[string]any `json:"details,omitempty"`
	Object  *ObjectRef     `json:"object,omitempty"`
	Field   string         `json:"field,omitempty"`
	Manager string         `json:"manager,omitempty"`

	cause error
}

// New creates a problem with a formatted message.
func New(code Code, format string, args ...any) *Problem {
	return &Problem{Code: code, Message: fmt.Sprintf(format, args...)}
}

// From finds the problem in a chain of errors.
func From(err error) (*Problem, bool) {
	var found *Problem
	ok := errors.As(err, &found)
	return found, ok
}

// HasCode tells whether the chain of errors contains a problem with this code.
func HasCode(err error, code Code) bool {
	found, ok := From(err)
	return ok && found.Code == code
}

// copied returns a copy of the problem that can be completed, because the original may be shared.
func (p *Problem) copied() *Problem {
	made := *p
	made.Details = maps.Clone(p.Details)
	return &made
}

// Error is the message.
func (p *Problem) Error() string { return p.Message }

// Unwrap returns the cause, for logs and errors.Is; its text is not part of the message.
func (p *Problem) Unwrap() error { return p.cause }

// Because returns the problem with its cause.
func (p *Problem) Because(cause error) *Problem {
	completed := p.copied()
	completed.cause = cause
	return completed
}

// With returns the problem with one more detail. The value must survive JSON.
func (p *Problem) With(key string, value any) *Problem {
	completed := p.copied()
	if completed.Details == nil {
		completed.Details = map[string]any{}
	}
	completed.Details[key] = value
	return completed
}

// About returns the problem with the object that it concerns.
func (p *Problem) About(object ObjectRef) *Problem {
	completed := p.copied()
	completed.Object = &object
	return completed
}
