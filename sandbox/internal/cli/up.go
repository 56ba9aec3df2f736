package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"walm.io/walm/sandbox/internal/sandbox"
	"walm.io/walm/sandbox/internal/state"
)

func newUpCommand() *cobra.Command {
	options := sandbox.Options{}
	detached := false
	command := &cobra.Command{
		Use:   "up",
		Short: "Start the sandbox",
		Long: `Start the sandbox and run it until it is interrupted, or with --detach until "down".
What was in the cluster at the last "down" is there again, unless --fresh is given.
When it is ready, the path of the kubeconfig is printed to standard output.`,
		Args: cobra.NoArgs,
	}
	folder := stateFlag(command)
	report := reporterFlag(command)
	flags := command.Flags()
	flags.IntVar(&options.Nodes, "nodes", 3, "number of nodes, each 16 cores, 64Gi, 110 pods")
	flags.IntVar(&options.APIServerPort, "port", 0, "port of the API server on 127.0.0.1 (0: the one used last, or a free one)")
	flags.IntVar(&options.EtcdPort, "etcd-port", 0, "port of etcd on 127.0.0.1 (0: a free one)")
	flags.BoolVar(&options.Fresh, "fresh", false, "begin with an empty cluster and new keys")
	flags.BoolVar(&options.Sync, "sync", false, "wait for the disk at every write: the cluster then survives a crash of the machine, too")
	flags.StringVar(&options.AuditLog, "audit-log", "", "file that gets a line of JSON for every request to the API server, appended (empty: none)")
	flags.StringVar(&options.TokenWebhook, "token-webhook", "", "file in the format of a kubeconfig that names the webhook to ask about unknown tokens (empty: none)")
	flags.StringVar(&options.AuthorizationConfig, "authorization-config", "", "AuthorizationConfiguration of the API server (empty: RBAC)")
	flags.BoolVar(&detached, "detach", false, "run in the background; return when everything is ready")
	command.RunE = func(command *cobra.Command, _ []string) error {
		chosen, err := folder()
		if err != nil {
			return err
		}
		options.Folder = chosen
		for _, path := range []*string{&options.AuditLog, &options.TokenWebhook, &options.AuthorizationConfig} {
			if *path, err = absolute(*path); err != nil {
				return err
			}
		}
		if err := options.Validate(); err != nil {
			return err
		}
		if detached {
			return upDetached(command, options)
		}
		return upForeground(command, options, report())
	}
	return command
}

// absolute returns a path that is valid in every working folder; an empty path stays empty.
func absolute(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	return filepath.Abs(path)
}

func upForeground(command *cobra.Command, options sandbox.Options, report reporter) error {
	started := time.Now()
	progress := func(message string) { report.say("[%5.1fs] %s", time.Since(started).Seconds(), message) }
	err := sandbox.Run(command.Context(), options, progress, func(instance state.Instance) {
		report.say("[%5.1fs] ready: Kubernetes %s with %d nodes at %s",
			instance.ReadyAfterSeconds, instance.KubernetesVersion, instance.Nodes, instance.Server)
		report.ready(kubeconfigOf(options.Folder))
	})
	if errors.Is(err, state.ErrLocked) {
		return lockedError(options.Folder, state.ClusterLock)
	}
	return err
}

func lockedError(folder state.Folder, name state.LockName) error {
	pid, err := folder.Holder(name)
	if err != nil {
		return err
	}
	what := map[state.LockName]string{state.ClusterLock: "sandbox", state.RegistryLock: "registry"}[name]
	return fmt.Errorf("a %s already runs on state folder %s (process %d): stop it with \"walm-sandbox down --state %s\", or use another folder", what, folder, pid, folder)
}

func kubeconfigOf(folder state.Folder) string {
	path, err := filepath.Abs(folder.Kubeconfig())
	if err != nil {
		return folder.Kubeconfig()
	}
	return path
}
