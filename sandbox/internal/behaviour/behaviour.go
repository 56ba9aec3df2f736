// Package behaviour names the annotations by which a pod template asks the sandbox to misbehave. The table
// for users is in the sandbox's README.
package behaviour

import (
	"slices"
	"strings"
)

// The annotations, read from pods (so: set on the pod template).
const (
	// Annotation names one of the Kinds.
	Annotation = "sandbox.walm.io/behaviour"
	// ReadyAfter is a Go duration ("15s") that passes between the containers' start and Ready.
	ReadyAfter = "sandbox.walm.io/ready-after"
	// CompleteAfter is a Go duration for which the pod of a Job runs; 500ms without it.
	CompleteAfter = "sandbox.walm.io/complete-after"
	// DeleteAfter is a Go duration for which a deleted pod stays Terminating; none without it.
	DeleteAfter = "sandbox.walm.io/delete-after"
	// Log is text that the pod's log begins with.
	Log = "sandbox.walm.io/log"
)

// Kind is a value of Annotation.
type Kind string

// The ways to misbehave.
const (
	// ImagePullBackOff: the images can never be pulled.
	ImagePullBackOff Kind = "image-pull-backoff"
	// CrashLoop: every container exits with code 1 shortly after each start.
	CrashLoop Kind = "crash-loop"
	// Fail is CrashLoop under the name that suits a Job, whose pods fail by it.
	Fail Kind = "fail"
	// Pending: no node is ever found for the pod.
	Pending Kind = "pending"
	// ContainerCreating: a node is found, but a volume cannot be mounted.
	ContainerCreating Kind = "container-creating"
	// SlowReady: as ReadyAfter, 10 seconds if that is not given.
	SlowReady Kind = "slow-ready"
)

// Kinds are all known values, in the order of the README's table.
var Kinds = []Kind{ImagePullBackOff, CrashLoop, Fail, Pending, ContainerCreating, SlowReady}

// Of returns the behaviour that a pod's annotations request. known is false for a value that is not one of Kinds;
// without the annotation, kind is empty and known is true.
func Of(annotations map[string]string) (kind Kind, known bool) {
	kind = Kind(annotations[Annotation])
	return kind, kind == "" || slices.Contains(Kinds, kind)
}

// Names lists Kinds for a message.
func Names() string {
	names := make([]string, 0, len(Kinds))
	for _, kind := range Kinds {
		names = append(names, string(kind))
	}
	return strings.Join(names, ", ")
}
