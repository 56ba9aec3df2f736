package main

import (
	"log/slog"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// memoryLimit is how many bytes the process may hold. Eight operations on the largest charts stay far below it;
	// templates, which may ask for any amount, run in processes of their own.
	memoryLimit = 3 << 30
	// memoryInterval is the pause between two looks at the memory.
	memoryInterval = 50 * time.Millisecond
	// exitMemory is the exit code that the server's log shows.
	exitMemory = 70
)

// watchMemory ends the process before it harms the machine. The server starts another engine within a second and
// observes again what was under way.
func watchMemory(log *slog.Logger) {
	debug.SetMemoryLimit(memoryLimit * 3 / 4)
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for range time.Tick(memoryInterval) {
		metrics.Read(sample)
		if held := sample[0].Value.Uint64() - sample[1].Value.Uint64(); held > memoryLimit {
			log.Error("the engine ends: it holds more memory than it may", "bytes", held, "limit", uint64(memoryLimit))
			os.Exit(exitMemory)
		}
	}
}
