//go:build race

package worker

// underRace says that the race detector is compiled in, which takes memory of its own.
const underRace = true
