// Package cli is the command line of the sandbox.
package cli

import (
	"github.com/spf13/cobra"
	"k8s.io/component-base/version"

	"walm.io/walm/sandbox/internal/state"
)

// NewCommand is the root command.
func NewCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "walm-sandbox",
		Short: "A real Kubernetes control plane on this machine, with nodes and pods that run nothing",
		Long: `A real Kubernetes control plane on this machine, with nodes and pods that run nothing.

etcd, kube-apiserver, kube-controller-manager and kube-scheduler are the real ones; nodes and pods are
played, so that charts of any size install within seconds. It serves on 127.0.0.1 only.`,
		Version:       version.Get().GitVersion,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
	}
	root.SetVersionTemplate("walm-sandbox of Kubernetes {{.Version}}\n")
	root.AddCommand(newUpCommand(), newDownCommand(), newStatusCommand(), newKubeconfigCommand(), newRegistryCommand())
	root.CompletionOptions.DisableDefaultCmd = true
	return root
}

// stateFlag adds --state; the returned function gives the folder that was asked for.
func stateFlag(command *cobra.Command) func() (state.Folder, error) {
	path := command.Flags().String("state", "", "state folder (default: $WALM_SANDBOX_STATE, else walm/sandbox below $XDG_STATE_HOME or ~/.local/state)")
	return func() (state.Folder, error) {
		if *path == "" {
			return state.DefaultFolder()
		}
		return state.Folder(*path), nil
	}
}
