package worker

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"
)

// workerVariable makes the test binary a worker.
const workerVariable = "WALM_TEST_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(workerVariable) == "" {
		m.Run()
		return
	}
	served := 0
	err := Serve(os.Stdin, os.Stdout, func() { os.Exit(0) }, func(order []byte) any {
		var what string
		_ = json.Unmarshal(order, &what)
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
		Command:  []string{"/usr/bin/env", workerVariable + "=1", os.Args[0]},
		Parallel: parallel, MemoryBytes: 150 << 20, AnswerBytes: 1 << 20,
	})
	t.Cleanup(pool.Close)
	return pool
}

func TestAWorkerThatMisbehavesIsReplaced(t *testing.T) {
	pool := newPool(t, 1)
	for what, want := range map[string]error{
		"sleep": context.DeadlineExceeded, "exit": ErrEnded, "talk": ErrMemory, "fill": ErrMemory,
	} {
		limit := 5 * time.Second
		if what == "sleep" {
			limit = 200 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		var answer any
		if err := pool.Do(ctx, "", what, &answer); !errors.Is(err, want) {
			t.Errorf("%s: %v", what, err)
		}
		cancel()
		var served int
		if err := pool.Do(t.Context(), "", "", &served); err != nil || served != 1 {
			t.Errorf("after %s: %d, %v", what, served, err)
		}
		// The next one begins with a worker of its own.
		pool.Close()
	}
}

func TestAWorkerIsUsedAgainForItsTopic(t *testing.T) {
	pool := newPool(t, 2)
	do := func(topic string) (served int) {
		if err := pool.Do(t.Context(), topic, "", &served); err != nil {
			t.Fatal(err)
		}
		return served
	}
	first, err := start(pool.settings.Command)
	if err != nil {
		t.Fatal(err)
	}
	first.topics["a"] = true
	second, err := start(pool.settings.Command)
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

func TestWaitingForAWorkerEndsWithTheContext(t *testing.T) {
	pool := newPool(t, 1)
	busy, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		var answer any
		done <- pool.Do(busy, "", "sleep", &answer)
	}()
	for len(pool.slots) == 0 {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var answer any
	if err := pool.Do(ctx, "", "", &answer); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
