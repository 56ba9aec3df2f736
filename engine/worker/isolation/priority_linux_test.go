package isolation

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const behindServer = "WALM_TEST_BEHIND_SERVER"

// TestMain is the program that lowers its priority below its parent's, if a test asks for it.
func TestMain(m *testing.M) {
	if os.Getenv(behindServer) == "" {
		os.Exit(m.Run())
	}
	if err := GoBehindServer(); err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	threads, _ := os.ReadDir("/proc/self/task")
	for _, thread := range threads {
		id, _ := strconv.Atoi(thread.Name())
		raw, _ := unix.Getpriority(unix.PRIO_PROCESS, id)
		os.Stdout.WriteString(strconv.Itoa(20-raw) + " ")
	}
	os.Exit(0)
}

func TestEveryThreadGoesBehindTheServer(t *testing.T) {
	own, err := politer()
	if err != nil {
		t.Fatal(err)
	}
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), behindServer+"=1")
	output, err := program.Output()
	if err != nil {
		t.Fatalf("%v %s", err, output)
	}
	found := strings.Fields(string(output))
	if len(found) == 0 {
		t.Fatal("no thread was looked at")
	}
	for _, niceness := range found {
		if niceness != strconv.Itoa(own) {
			t.Errorf("threads have %v, and not all %d", found, own)
			break
		}
	}
}
