package fair

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func newGate(capacity, share int64) *Gate {
	return NewGate(Settings{Capacity: capacity, Share: share, Patience: 30 * time.Second, Waiting: 100})
}

func enter(t *testing.T, gate *Gate, user string, amount int64) func() {
	t.Helper()
	hold, err := gate.Enter(t.Context(), Caller{User: user}, amount)
	if err != nil {
		t.Fatal(err)
	}
	return hold.Leave
}

func TestOneCallerLeavesRoomForTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate(4, 3)
		for range 3 {
			enter(t, gate, "greedy", 1)
		}
		started := time.Now()
		if _, err := gate.Enter(t.Context(), Caller{User: "greedy"}, 1); !errors.Is(err, ErrBusy) || time.Since(started) != 30*time.Second {
			t.Errorf("%v after %s", err, time.Since(started))
		}
		started = time.Now()
		enter(t, gate, "other", 1)
		if waited := time.Since(started); waited != 0 {
			t.Errorf("the other waited %s", waited)
		}
	})
}

func TestCallersTakeTurnsAndTheirNamespacesDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate(1, 1)
		leave := enter(t, gate, "first", 1)
		served := make(chan string, 100)
		for _, one := range []Caller{{"greedy", "a"}, {"greedy", "a"}, {"greedy", "a"}, {"greedy", "b"}, {"modest", "c"}, {"late", "d"}} {
			go func() {
				hold, err := gate.Enter(t.Context(), one, 1)
				if err != nil {
					t.Error(err)
					return
				}
				served <- one.User + "/" + one.Namespace
				time.Sleep(time.Second)
				hold.Leave()
			}()
			synctest.Wait()
		}
		leave()
		time.Sleep(time.Minute)
		got := []string{}
		for len(served) > 0 {
			got = append(got, <-served)
		}
		want := []string{"greedy/a", "modest/c", "late/d", "greedy/b", "greedy/a", "greedy/a"}
		if !slices.Equal(got, want) {
			t.Errorf("served %v", got)
		}
	})
}

func TestWaitingIsBoundedAndEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := NewGate(Settings{Capacity: 1, Share: 1, Patience: time.Hour, Waiting: 1})
		leave := enter(t, gate, "a", 5)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			_, err := gate.Enter(ctx, Caller{User: "a"}, 1)
			ended <- err
		}()
		synctest.Wait()
		if _, err := gate.Enter(t.Context(), Caller{User: "a"}, 1); !errors.Is(err, ErrBusy) {
			t.Errorf("one too many: %v", err)
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		leave()
		leave()
		if gate.free != 1 || len(gate.held) != 0 || len(gate.users.turns) != 0 {
			t.Errorf("left behind: %+v", gate)
		}
	})
}

func TestWhatIsGivenBackIsThereForOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate(10, 10)
		hold, err := gate.Enter(t.Context(), Caller{User: "a"}, 10)
		if err != nil {
			t.Fatal(err)
		}
		hold.Shrink(4)
		hold.Shrink(7)
		enter(t, gate, "b", 6)
		if _, err := gate.Enter(t.Context(), Caller{User: "b"}, 1); !errors.Is(err, ErrBusy) {
			t.Errorf("%v", err)
		}
		hold.Leave()
		enter(t, gate, "c", 4)
	})
}

// For any requests in any order: never more than the capacity, never more than a share, nothing left behind.
func TestNothingIsGivenTwiceAndNothingIsLost(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			chance := rand.New(rand.NewPCG(seed, 1))
			gate := newGate(10, 6)
			for range 200 {
				caller := Caller{string(rune('a' + chance.IntN(4))), string(rune('x' + chance.IntN(3)))}
				amount, work, patience := chance.Int64N(9), chance.Int64N(5000), chance.Int64N(60_000)
				go func() {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(patience)*time.Millisecond)
					defer cancel()
					hold, err := gate.Enter(ctx, caller, amount)
					if err != nil {
						return
					}
					gate.mutex.Lock()
					if gate.free < 0 || gate.held[caller.User] > 6 {
						t.Errorf("free %d, held %v", gate.free, gate.held)
					}
					gate.mutex.Unlock()
					time.Sleep(time.Duration(work) * time.Millisecond)
					hold.Shrink(1)
					hold.Leave()
				}()
				time.Sleep(time.Duration(chance.IntN(300)) * time.Millisecond)
			}
			time.Sleep(time.Hour)
			gate.mutex.Lock()
			defer gate.mutex.Unlock()
			if gate.free != 10 || len(gate.held) != 0 || len(gate.users.turns) != 0 || len(gate.users.queues) != 0 {
				t.Errorf("left behind: %+v", gate)
			}
		})
	}
}
