package worker

import "testing"

func TestTheLargestGoesWhenAllHoldTooMuch(t *testing.T) {
	held := newHoldings()
	large, small := &process{}, &process{}
	if held.note(large, 500, 600) {
		t.Fatal("one that fits has to go")
	}
	if held.note(small, 150, 600) {
		t.Fatal("the smaller one has to go")
	}
	if !held.note(large, 500, 600) {
		t.Fatal("the larger one may stay")
	}
	held.forget(large)
	if held.note(small, 599, 600) {
		t.Fatal("what has gone still counts")
	}
	if held.note(small, 5_000, 0) {
		t.Fatal("no limit is one")
	}
}
