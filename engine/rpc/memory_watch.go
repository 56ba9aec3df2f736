package rpc

import (
	"log/slog"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// memoryGoal is what the garbage collector keeps the process below as long as it can: what is loaded and downloaded
	// at the same time is bounded to less, and templates and indexes, which may ask for any amount, are processes of
	// their own. With the workers that render it is below 1 GiB.
	memoryGoal = 352 << 20
	// memoryLimit is how many bytes the process may hold before it gives up.
	memoryLimit = 2 << 30
	// IdleHeap counts for the garbage collector as in use and is never touched, so that it takes no memory: a change of a small
	// heap would be interrupted every few milliseconds to collect little.
	IdleHeap = 64 << 20
	// memoryInterval is the pause between two looks at the memory.
	memoryInterval = 50 * time.Millisecond
	// exitMemory is the exit code that the server's log shows.
	exitMemory = 70
)

// WatchMemory ends the process before it harms the machine. The server starts another engine within a second and
// observes again what was under way.
func WatchMemory(log *slog.Logger) {
	debug.SetMemoryLimit(memoryGoal + IdleHeap)
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for range time.Tick(memoryInterval) {
		metrics.Read(sample)
		if held := sample[0].Value.Uint64() - sample[1].Value.Uint64(); held > memoryLimit+IdleHeap {
			log.Error("engine exits: memory limit exceeded", "bytes", held, "limit", uint64(memoryLimit))
			os.Exit(exitMemory)
		}
	}
}
