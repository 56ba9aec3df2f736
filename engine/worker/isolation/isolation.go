// Package isolation takes from the own process what rendering a chart does not need: environment, files, network, other
// processes, and more than its share of memory and processor. What it reports was tried, not assumed.
package isolation

import "slices"

// The barriers, in the order in which they are reported.
const (
	// Environment: the process has no environment variables.
	Environment = "environment"
	// Descriptors: nothing is open but the two pipes to the engine and the one for last words.
	Descriptors = "descriptors"
	// Files: nothing can be opened, made or removed.
	Files = "files"
	// Network: no socket can be made.
	Network = "network"
	// Processes: no program can be started, no process made, signalled or traced.
	Processes = "processes"
	// Privileges: nothing that is executed could give rights, and other processes of the user cannot look inside.
	Privileges = "privileges"
	// Resources: limits of the kernel on memory, processor time, open files, written files and core dumps.
	Resources = "resources"
)

// Barrier is one of them and whether it holds.
type Barrier struct {
	Name  string `json:"name"`
	Holds bool   `json:"holds"`
	// Reason says what was possible that should not be; "" where it holds.
	Reason string `json:"reason,omitempty"`
}

// Report is every barrier, in the order above.
type Report []Barrier

// Missing are the barriers that do not hold.
func (r Report) Missing() Report {
	return slices.DeleteFunc(slices.Clone(r), func(barrier Barrier) bool { return barrier.Holds })
}

// Limits are what the kernel lets the process take. Zero sets none.
type Limits struct {
	// MemoryBytes bounds the memory that the process writes to.
	MemoryBytes int64 `json:"memoryBytes"`
	// CPUSeconds bounds the processor time of its whole life.
	CPUSeconds int64 `json:"cpuSeconds"`
}
