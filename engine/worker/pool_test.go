package worker

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"walm.io/engine/fair"
)

// workerArgument makes the test binary a worker.
const workerArgument = "be-a-worker"

func TestMain(m *testing.M) {
	if !slices.Contains(os.Args, workerArgument) {
		m.Run()
		return
	}
	served := 0
	err := Serve(os.Stdin, os.Stdout, func() { os.Exit(0) }, func(order Order, ask Ask) any {
		var what string
		_ = json.Unmarshal(order.Text, &what)
		served++
		switch what {
		case "sleep":
			time.Sleep(time.Hour)
		case "exit":
			os.Exit(3)
		case "talk":
			return strings.Repeat("x", 2<<20)
		case "fill":
			filled := make([]byte, 200<<20)
			for index := range filled {
				filled[index] = 1
			}
			time.Sleep(time.Hour)
		case "fill at once":
			// Faster than the memory checks.
			filled := make([]byte, 4<<30)
			return len(filled)
		case "ask":
			var answer string
			if err := ask("who is there?", &answer); err != nil {
				return err.Error()
			}
			return answer
		case "weigh":
			weights := []int{}
			for _, blob := range order.Blobs {
				weights = append(weights, len(blob)+int(blob[len(blob)-1]))
			}
			return weights
		case "attack":
			return attack()
		}
		return served
	})
	if err != nil {
		panic(err)
	}
}

func newPool(t *testing.T, parallel int) *Pool {
	t.Helper()
	pool := NewPool(slog.Default(), Settings{
		Command:  []string{os.Args[0], workerArgument},
		Parallel: parallel, MemoryBytes: 150 << 20, AnswerBytes: 1 << 20,
	})
	t.Cleanup(pool.Close)
	return pool
}

func TestAWorkerThatMisbehavesIsReplaced(t *testing.T) {
	pool := newPool(t, 1)
	for what, want := range map[string]error{
		"sleep": context.DeadlineExceeded, "exit": ErrEnded, "talk": ErrMemory, "fill": ErrMemory,
		"fill at once": ErrMemory, "ask": ErrEnded,
	} {
		if underRace && strings.HasPrefix(what, "fill") {
			// The race detector's own memory is refused first, which ends the process.
			want = ErrEnded
		}
		limit := time.Hour
		if what == "sleep" {
			limit = 200 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		var answer any
		if err := pool.Do(ctx, "", what, &answer, nil); !errors.Is(err, want) {
			t.Errorf("%s: %v", what, err)
		}
		cancel()
		var served int
		if err := pool.Do(t.Context(), "", "", &served, nil); err != nil || served != 1 {
			t.Errorf("after %s: %d, %v", what, served, err)
		}
		// The next order gets a new worker.
		pool.Close()
	}
}

func TestTheLargestOfAllGoesBeforeItTookWhatItMay(t *testing.T) {
	pool := NewPool(slog.Default(), Settings{
		Command:  []string{os.Args[0], workerArgument},
		Parallel: 2, MemoryBytes: 1 << 30, AllBytes: 100 << 20, AnswerBytes: 1 << 20,
	})
	t.Cleanup(pool.Close)
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	var answer any
	if err := pool.Do(ctx, "", "fill", &answer, nil); !errors.Is(err, ErrCrowded) {
		t.Errorf("fill: %v", err)
	}
	var served int
	if err := pool.Do(ctx, "", "", &served, nil); err != nil || served != 1 {
		t.Errorf("afterwards: %d, %v", served, err)
	}
}

func TestAWorkerIsUsedAgainForItsTopic(t *testing.T) {
	pool := newPool(t, 2)
	do := func(topic string) (served int) {
		if err := pool.Do(t.Context(), topic, "", &served, nil); err != nil {
			t.Fatal(err)
		}
		return served
	}
	first, err := start(pool.settings)
	if err != nil {
		t.Fatal(err)
	}
	first.topics["a"] = true
	second, err := start(pool.settings)
	if err != nil {
		t.Fatal(err)
	}
	second.topics["b"] = true
	pool.keep(first)
	pool.keep(second)
	if got := []int{do("a"), do("a"), do("b"), do("a")}; got[0] != 1 || got[1] != 2 || got[2] != 1 || got[3] != 3 {
		t.Errorf("served %v", got)
	}
}

func TestAWorkerAsks(t *testing.T) {
	var answer string
	err := newPool(t, 1).Do(t.Context(), "", "ask", &answer, func(question []byte) any { return "you asked " + string(question) })
	if err != nil || answer != `you asked "who is there?"` {
		t.Errorf("%q, %v", answer, err)
	}
}

func TestOneUserLeavesAPlaceToOthers(t *testing.T) {
	pool := newPool(t, 2)
	if _, err := pool.Enter(t.Context(), fair.Caller{User: "greedy"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := pool.Enter(ctx, fair.Caller{User: "greedy"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if _, err := pool.Enter(t.Context(), fair.Caller{User: "other"}); err != nil {
		t.Error(err)
	}
}

// bulky is an order with contents beside it.
type bulky struct{ blobs [][]byte }

func (b bulky) Blobs() [][]byte { return b.blobs }

func (b bulky) MarshalJSON() ([]byte, error) { return []byte(`"weigh"`), nil }

func TestContentsTravelBesideAnOrderWithoutBeingCopied(t *testing.T) {
	// The worker may stay although it has grown.
	pool := NewPool(slog.Default(), Settings{
		Command: []string{os.Args[0], workerArgument}, Parallel: 1, MemoryBytes: 1 << 30, AnswerBytes: 1 << 20,
	})
	t.Cleanup(pool.Close)
	blob := make([]byte, 20<<20)
	blob[0], blob[len(blob)-1] = '\n', 7
	var first int
	if err := pool.Do(t.Context(), "", "count", &first, nil); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var weights []int
	if err := pool.Do(t.Context(), "", bulky{[][]byte{blob, {1}, blob}}, &weights, nil); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if !slices.Equal(weights, []int{len(blob) + 7, 2, len(blob) + 7}) {
		t.Errorf("weights: %v", weights)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 4<<20 {
		t.Errorf("%d bytes were allocated", allocated)
	}
	// The next bytes are an order of their own.
	var next int
	if err := pool.Do(t.Context(), "", "count", &next, nil); err != nil || next != 3 {
		t.Errorf("next: %d, %v", next, err)
	}
}
