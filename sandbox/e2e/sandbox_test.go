//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// patience is how long a test waits before it counts as hanging, on a busy machine; the sandbox needs a second or two.
const patience = 3 * time.Minute

// eventually polls until nothing is missing.
func eventually(t *testing.T, missing func(ctx context.Context) string) {
	t.Helper()
	last := ""
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, patience, true, func(ctx context.Context) (bool, error) {
		last = missing(ctx)
		return last == "", nil
	})
	if err != nil {
		t.Fatalf("still after %s: %s", patience, last)
	}
}

func created[T any](t *testing.T, _ T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSandbox(t *testing.T) {
	p := newProgram(t)
	kubeconfig := p.must(t, "up", "--detach")
	s := p.status(t)
	if s.State != "ready" || s.Kubeconfig != kubeconfig || !strings.HasPrefix(s.KubernetesVersion, "v1.") {
		t.Fatalf("status is %+v", s)
	}
	t.Logf("ready after %.1fs, %s", s.ReadyAfterSeconds, residentMemory(t, s.PID))
	if s.ReadyAfterSeconds > patience.Seconds() {
		t.Errorf("it took %.1fs to be ready", s.ReadyAfterSeconds)
	}
	client := connect(t, kubeconfig)

	t.Run("offers", func(t *testing.T) { checkOffers(t, client) })
	t.Run("workloads become ready", func(t *testing.T) { checkWorkloads(t, client) })
	t.Run("a volume of a pod goes with it", func(t *testing.T) { checkEphemeralVolume(t, client) })
	t.Run("logs", func(t *testing.T) { checkLogs(t, client) })
	t.Run("misbehaviour", func(t *testing.T) { checkMisbehaviour(t, client) })
	t.Run("another identity", func(t *testing.T) { checkIdentity(t, p, client) })
	t.Run("a second sandbox", func(t *testing.T) { checkSecond(t, s.Server) })
	t.Run("survives a kill", func(t *testing.T) { checkKill(t, p, s) })
	t.Run("registry", func(t *testing.T) { checkRegistry(t, p) })
	t.Run("down", func(t *testing.T) {
		p.must(t, "down", "--delete")
		if _, err := os.Stat(p.folder); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the state folder is still there: %v", err)
		}
		if got := p.status(t).State; got != "stopped" {
			t.Errorf("it is %s", got)
		}
	})
}

func residentMemory(t *testing.T, pid int) string {
	t.Helper()
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "memory unknown"
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "VmRSS:") {
			return lines.Text()
		}
	}
	return "memory unknown"
}
