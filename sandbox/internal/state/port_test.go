package state

import (
	"strings"
	"testing"
)

func TestListenPrefersThePortUsedLast(t *testing.T) {
	first, err := Listen(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	port := Port(first)
	if !strings.HasPrefix(first.Addr().String(), "127.0.0.1:") {
		t.Errorf("it listens on %s", first.Addr())
	}
	other, err := Listen(0, port)
	if err != nil {
		t.Fatalf("a port in use is replaced: %v", err)
	}
	if Port(other) == port {
		t.Errorf("port %d was given twice", port)
	}
	_ = other.Close()
	if _, err := Listen(port, 0); err == nil || !strings.Contains(err.Error(), "cannot be used") {
		t.Errorf("a wanted port in use gives %v", err)
	}
	_ = first.Close()
	again, err := Listen(0, port)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if Port(again) != port {
		t.Errorf("got port %d, want %d as last time", Port(again), port)
	}
}
