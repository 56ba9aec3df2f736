// Package progress reports the progress of an operation.
package progress

import "walm.io/engine/problem"

// Step is one step of a running operation, as the server shows it to users.
type Step struct {
	Phase   string             `json:"phase"`
	Message string             `json:"message"`
	Object  *problem.ObjectRef `json:"object,omitempty"`
	Done    int                `json:"done,omitempty"`
	Total   int                `json:"total,omitempty"`
}

// Reporter receives progress. It must not block, and may be called from several goroutines.
type Reporter func(Step)

// The phases of an operation.
const (
	PhaseCRDs     = "crds"
	PhaseRender   = "render"
	PhaseValidate = "validate"
	PhaseHooks    = "hooks"
	PhaseApply    = "apply"
	PhaseWait     = "wait"
	PhaseRecord   = "record"
	PhaseDelete   = "delete"
)
