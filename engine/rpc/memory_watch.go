package rpc

import (
	"log/slog"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// memoryGoal is the soft memory limit for the garbage collector: concurrent loads and downloads are bounded to
	// less, and templates and indexes, whose memory is unpredictable, have processes of their own. Together with the
	// render workers it is below 1 GiB.
	memoryGoal = 352 << 20
	// memoryLimit is how many bytes the process may use before it exits.
	memoryLimit = 2 << 30
	// IdleHeap counts as in use for the garbage collector but is never touched, so that it uses no physical memory:
	// with a small heap the collector would run every few milliseconds to free little.
	IdleHeap = 64 << 20
	// memoryInterval is the interval of memory checks.
	memoryInterval = 50 * time.Millisecond
	// exitMemory is the exit code that the server's log shows.
	exitMemory = 70
)

// WatchMemory ends the process before it harms the machine. The server starts another engine within a second and
// observes again the operations that were in flight.
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
