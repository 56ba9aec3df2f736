package state

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"
)

// holderVariable makes this test program, started by a test, hold the lock of the folder it names.
const holderVariable = "SANDBOX_TEST_HOLD"

func TestMain(m *testing.M) {
	if folder := os.Getenv(holderVariable); folder != "" {
		hold(Folder(folder))
		return
	}
	os.Exit(m.Run())
}

// hold takes the lock, says so, and keeps it until it is killed.
func hold(folder Folder) {
	if _, err := folder.Acquire(ClusterLock); err != nil {
		_, _ = os.Stdout.WriteString("refused\n")
		return
	}
	_, _ = os.Stdout.WriteString("held\n")
	select {}
}

func startHolder(t *testing.T, folder Folder) (*exec.Cmd, string) {
	t.Helper()
	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), holderVariable+"="+string(folder))
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = holder.Process.Kill()
		_ = holder.Wait()
	})
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return holder, said
}

func TestALockIsHeldByOneProcessAndItsHolderIsKnown(t *testing.T) {
	folder := Folder(t.TempDir())
	holder, said := startHolder(t, folder)
	if said != "held\n" {
		t.Fatalf("the first process was %q", said)
	}
	pid, err := folder.Holder(ClusterLock)
	if err != nil || pid != holder.Process.Pid {
		t.Fatalf("holder is %d (%v), want %d", pid, err, holder.Process.Pid)
	}
	if _, err := folder.Acquire(ClusterLock); !errors.Is(err, ErrLocked) {
		t.Fatalf("a second process got %v", err)
	}
	if pid, err := folder.Holder(RegistryLock); err != nil || pid != 0 {
		t.Fatalf("the registry's lock is held by %d (%v)", pid, err)
	}
}

func TestAKilledHolderLeavesNothingBehind(t *testing.T) {
	folder := Folder(t.TempDir())
	holder, _ := startHolder(t, folder)
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	if pid, err := folder.Holder(ClusterLock); err != nil || pid != 0 {
		t.Fatalf("holder is %d (%v), want none", pid, err)
	}
	lock, err := folder.Acquire(ClusterLock)
	if err != nil {
		t.Fatal(err)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestStopEndsTheHolder(t *testing.T) {
	folder := Folder(t.TempDir())
	holder, _ := startHolder(t, folder)
	go func() { _ = holder.Wait() }()
	stopped, err := folder.Stop(context.Background(), ClusterLock, 10*time.Second)
	if err != nil || !stopped {
		t.Fatalf("stopped is %t (%v)", stopped, err)
	}
	if stopped, err := folder.Stop(context.Background(), ClusterLock, time.Second); err != nil || stopped {
		t.Fatalf("a second stop found something: %t (%v)", stopped, err)
	}
}
