package cli

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"walm.io/walm/sandbox/internal/sandbox"
	"walm.io/walm/sandbox/internal/state"
)

// tailLines is how much of a log is shown when a start fails.
const tailLines = 20

func upDetached(command *cobra.Command, options sandbox.Options) error {
	folder, err := state.Create(options.Folder)
	if err != nil {
		return err
	}
	other, err := awaitOther(command.Context(), folder)
	if err != nil {
		return err
	}
	if other.State == stateReady && options.Fresh {
		return lockedError(folder, state.ClusterLock)
	}
	if other.State == stateReady {
		return alreadyUp(command, other)
	}
	arguments := []string{
		"up", "--state", string(folder),
		fmt.Sprintf("--nodes=%d", options.Nodes), fmt.Sprintf("--port=%d", options.APIServerPort), fmt.Sprintf("--etcd-port=%d", options.EtcdPort),
		fmt.Sprintf("--fresh=%t", options.Fresh), fmt.Sprintf("--sync=%t", options.Sync), "--audit-log=" + options.AuditLog,
		"--token-webhook=" + options.TokenWebhook, "--authorization-config=" + options.AuthorizationConfig,
	}
	if _, err := detach(command, arguments, folder.Log()); err != nil {
		// Two sandboxes were started at the same moment, and the other one won.
		if other, otherErr := awaitOther(command.Context(), folder); otherErr == nil && other.State == stateReady {
			return alreadyUp(command, other)
		}
		return err
	}
	fmt.Fprintln(command.OutOrStdout(), folder.Kubeconfig())
	return nil
}

func alreadyUp(command *cobra.Command, other Status) error {
	command.PrintErrf("already up since %s at %s (process %d)\n", other.StartedAt.Format("2006-01-02 15:04:05 MST"), other.Server, other.PID)
	fmt.Fprintln(command.OutOrStdout(), other.Kubeconfig)
	return nil
}

// awaitOther waits while a sandbox on the folder is neither ready nor stopped: it is starting, or was killed and is
// about to disappear. A repeated "up --detach" therefore succeeds at any time.
func awaitOther(ctx context.Context, folder state.Folder) (Status, error) {
	ctx, cancel := context.WithTimeout(ctx, sandbox.StartLimit)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		other, err := readStatus(ctx, folder)
		if err != nil || other.State == stateReady || other.State == stateStopped {
			return other, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return Status{}, fmt.Errorf("process %d on state folder %s does not become ready: stop it with \"walm-sandbox down --state %s\"", other.PID, folder, folder)
		}
	}
}

// detach runs this program again in the background, in a session of its own, with its errors in the log file. It relays
// the child's reports until the child is ready, and returns what the child reports then. If the child ends before, the
// error says why, with the tail of its log.
func detach(command *cobra.Command, arguments []string, logFile string) (string, error) {
	executable, err := os.Executable()
	if err != nil {
		return "", err
	}
	log, err := os.OpenFile(logFile, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return "", err
	}
	defer log.Close()
	reports, writer, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer reports.Close()
	child := exec.CommandContext(context.WithoutCancel(command.Context()), executable, append(arguments, "--"+reportFlag)...)
	child.Stderr, child.ExtraFiles = log, []*os.File{writer}
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = child.Start()
	_ = writer.Close()
	if err != nil {
		return "", err
	}
	stop := context.AfterFunc(command.Context(), func() { _ = child.Process.Signal(syscall.SIGTERM) })
	defer stop()
	lines := bufio.NewScanner(reports)
	for lines.Scan() {
		if with, ready := strings.CutPrefix(lines.Text(), readyPrefix); ready {
			return with, child.Process.Release()
		}
		command.PrintErrln(lines.Text())
	}
	return "", fmt.Errorf("it ended before it was ready (%w)%s", child.Wait(), tail(logFile))
}

// tail returns the end of a log as part of a message, or an empty text if there is no log.
func tail(path string) string {
	data, err := os.ReadFile(path)
	if err != nil || len(data) == 0 {
		return ""
	}
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	lines = lines[max(0, len(lines)-tailLines):]
	return fmt.Sprintf("; the end of %s:\n%s", path, strings.Join(lines, "\n"))
}
