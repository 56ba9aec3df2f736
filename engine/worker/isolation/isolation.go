// Package isolation takes from its own process what rendering a chart does not need: environment, files, network, other
// processes, and more than its share of memory and processor. Its report is tested, not assumed.
package isolation

import "slices"

// The barriers, in the order in which they are reported.
const (
	// Environment: the process has no environment variables.
	Environment = "environment"
	// Descriptors: nothing is open except the two pipes to the engine and the one for last words.
	Descriptors = "descriptors"
	// Files: no file can be opened, created or removed.
	Files = "files"
	// Network: no socket can be created.
	Network = "network"
	// Processes: no program can be started, no process created, signalled or traced.
	Processes = "processes"
	// Privileges: executing a program grants no rights, and other processes of the user cannot inspect this one.
	Privileges = "privileges"
	// Resources: limits of the kernel on memory, processor time, open files, written files and core dumps.
	Resources = "resources"
)

// Barrier is one of them and whether it holds.
type Barrier struct {
	Name  string `json:"name"`
	Holds bool   `json:"holds"`
	// Reason says what was possible although it should not be; "" if the barrier holds.
	Reason string `json:"reason,omitempty"`
}

// Report lists every barrier, in the order above.
type Report []Barrier

// Missing are the barriers that do not hold.
func (r Report) Missing() Report {
	return slices.DeleteFunc(slices.Clone(r), func(barrier Barrier) bool { return barrier.Holds })
}

// Limits are the kernel's limits for the process. Zero sets none.
type Limits struct {
	// MemoryBytes bounds the memory that the process writes to.
	MemoryBytes int64 `json:"memoryBytes"`
	// CPUSeconds bounds the CPU time of its whole life.
	CPUSeconds int64 `json:"cpuSeconds"`
}
