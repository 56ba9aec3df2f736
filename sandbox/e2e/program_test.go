//go:build e2e

// Package e2e checks the built program: go test -tags e2e ./e2e. It needs bin/walm-sandbox of this
// checkout, or the program that $WALM_SANDBOX_BINARY names.
package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// program is the sandbox on one state folder.
type program struct {
	binary, folder string
}

func newProgram(t *testing.T) program {
	t.Helper()
	binary := os.Getenv("WALM_SANDBOX_BINARY")
	if binary == "" {
		binary = filepath.Join("..", "..", "bin", "walm-sandbox")
	}
	binary, err := filepath.Abs(binary)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(binary); err != nil {
		t.Fatalf("the program is not built (sandbox/build.sh builds it): %v", err)
	}
	p := program{binary: binary, folder: filepath.Join(t.TempDir(), "state")}
	t.Cleanup(func() { p.must(t, "down", "--delete") })
	return p
}

// run returns what the program printed to standard output, and whether it succeeded.
func (p program) run(t *testing.T, arguments ...string) (string, bool) {
	t.Helper()
	var out, messages bytes.Buffer
	command := exec.Command(p.binary, append(arguments, "--state", p.folder)...)
	command.Stdout, command.Stderr = &out, &messages
	err := command.Run()
	t.Logf("walm-sandbox %s: %v\n%s", strings.Join(arguments, " "), err, messages.String())
	return strings.TrimSuffix(out.String(), "\n"), err == nil
}

func (p program) must(t *testing.T, arguments ...string) string {
	t.Helper()
	out, ok := p.run(t, arguments...)
	if !ok {
		t.Fatalf("walm-sandbox %s failed", strings.Join(arguments, " "))
	}
	return out
}

type status struct {
	State             string
	PID               int
	Server            string
	Kubeconfig        string
	KubernetesVersion string
	ReadyAfterSeconds float64
}

func (p program) status(t *testing.T) status {
	t.Helper()
	out, _ := p.run(t, "status", "-o", "json")
	var s status
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatalf("status is %q: %v", out, err)
	}
	return s
}

func connect(t *testing.T, kubeconfig string) kubernetes.Interface {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	config.QPS = -1
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}
