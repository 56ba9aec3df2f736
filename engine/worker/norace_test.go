//go:build !race

package worker

// underRace says that the race detector is compiled in, which needs memory of its own.
const underRace = false
