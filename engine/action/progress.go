package action

import "walm.io/engine/problem"

// Progress is one step of a running operation, as the server shows it to people.
type Progress struct {
	Phase   string             `json:"phase"`
	Message string             `json:"message"`
	Object  *problem.ObjectRef `json:"object,omitempty"`
	Done    int                `json:"done,omitempty"`
	Total   int                `json:"total,omitempty"`
}

// Reporter receives progress. It must not block, and may be called from several goroutines.
type Reporter func(Progress)

// The phases of an operation.
const (
	phaseCRDs     = "crds"
	phaseRender   = "render"
	phaseValidate = "validate"
	phaseHooks    = "hooks"
	phaseApply    = "apply"
	phaseWait     = "wait"
	phaseRecord   = "record"
	phaseDelete   = "delete"
)
