package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/kubernetes"

	"walm.io/walm/sandbox/internal/kubeconfig"
	"walm.io/walm/sandbox/internal/state"
)

// errNotUp makes status end with an exit code that scripts can see; the output has already said everything.
var errNotUp = errors.New("the sandbox is not up")

// The states that a sandbox can be in; failing means that it runs, but its API server is not ready.
const (
	stateStopped  = "stopped"
	stateStarting = "starting"
	stateReady    = "ready"
	stateFailing  = "failing"
)

// Status is what "status -o json" prints.
type Status struct {
	// State is stopped, starting, ready or failing.
	State string `json:"state"`
	// Message says why the API server is not ready.
	Message    string       `json:"message,omitempty"`
	PID        int          `json:"pid,omitempty"`
	Folder     state.Folder `json:"folder"`
	Kubeconfig string       `json:"kubeconfig"`
	// Registry is the host and port of the registry, empty when none runs.
	Registry string `json:"registry,omitempty"`
	state.Instance
}

func newStatusCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "status",
		Short: "Say what runs; fails unless the sandbox is ready",
		Args:  cobra.NoArgs,
	}
	folder := stateFlag(command)
	output := command.Flags().StringP("output", "o", "table", "table or json")
	command.RunE = func(command *cobra.Command, _ []string) error {
		if *output != "table" && *output != "json" {
			return fmt.Errorf("--output %q: must be table or json", *output)
		}
		path, err := folder()
		if err != nil {
			return err
		}
		status, err := readStatus(command.Context(), path)
		if err != nil {
			return err
		}
		if err := printStatus(command, status, *output); err != nil {
			return err
		}
		if status.State != stateReady {
			return errNotUp
		}
		return nil
	}
	return command
}

func readStatus(ctx context.Context, path state.Folder) (Status, error) {
	folder, err := state.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return Status{State: stateStopped, Folder: path}, nil
	}
	if err != nil {
		return Status{}, err
	}
	pid, err := folder.Holder(state.ClusterLock)
	if err != nil {
		return Status{}, err
	}
	instance, err := folder.Instance()
	if err != nil {
		return Status{}, err
	}
	status := Status{State: stateStopped, PID: pid, Folder: folder, Kubeconfig: folder.Kubeconfig(), Instance: instance}
	if status.Registry, err = readRegistry(folder); err != nil {
		return Status{}, err
	}
	switch {
	case pid == 0:
	case instance.ReadyAfterSeconds == 0:
		status.State = stateStarting
	default:
		status.State = stateReady
		if err := askReady(ctx, folder); err != nil {
			status.State, status.Message = stateFailing, err.Error()
		}
	}
	return status, nil
}

func readRegistry(folder state.Folder) (string, error) {
	pid, err := folder.Holder(state.RegistryLock)
	if err != nil || pid == 0 {
		return "", err
	}
	address, err := os.ReadFile(folder.RegistryAddress())
	return string(address), err
}

func askReady(ctx context.Context, folder state.Folder) error {
	config, err := kubeconfig.Load(folder.Kubeconfig())
	if err != nil {
		return err
	}
	config.Timeout = 5 * time.Second
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	return client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
}

func printStatus(command *cobra.Command, status Status, output string) error {
	out := command.OutOrStdout()
	if output == "json" {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(status)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name string, value any) { fmt.Fprintf(table, "%s\t%v\n", name, value) }
	row("state", status.State)
	if status.Message != "" {
		row("message", status.Message)
	}
	row("folder", status.Folder)
	if status.PID != 0 {
		row("process", status.PID)
		row("started", status.StartedAt.Format(time.RFC3339))
		row("API server", status.Server)
		row("etcd", fmt.Sprintf("https://127.0.0.1:%d", status.EtcdPort))
		row("Kubernetes", status.KubernetesVersion)
		row("nodes", status.Nodes)
		row("kubeconfig", status.Kubeconfig)
	}
	if status.Registry != "" {
		row("registry", status.Registry)
	}
	return table.Flush()
}
