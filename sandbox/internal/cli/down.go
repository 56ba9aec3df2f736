package cli

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"walm.io/walm/sandbox/internal/state"
)

// stopGrace is how long a process may take to end after the signal.
const stopGrace = 15 * time.Second

func newDownCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "down",
		Short: "Stop the sandbox and the registry of a state folder",
		Long: `Stop the sandbox and the registry of a state folder. What is in the cluster is kept for the
next "up", unless --delete is given. It is not an error if nothing runs.`,
		Args: cobra.NoArgs,
	}
	folder := stateFlag(command)
	remove := command.Flags().Bool("delete", false, "delete the cluster, its keys and the registry's content, too")
	command.RunE = func(command *cobra.Command, _ []string) error {
		path, err := folder()
		if err != nil {
			return err
		}
		opened, err := state.Open(path)
		if errors.Is(err, os.ErrNotExist) {
			command.PrintErrf("nothing runs on state folder %s\n", path)
			return nil
		}
		if err != nil {
			return err
		}
		return down(command, opened, *remove)
	}
	return command
}

func down(command *cobra.Command, folder state.Folder, remove bool) error {
	for name, what := range map[state.LockName]string{state.ClusterLock: "sandbox", state.RegistryLock: "registry"} {
		stopped, err := folder.Stop(command.Context(), name, stopGrace)
		if err != nil {
			return err
		}
		if stopped {
			command.PrintErrf("%s stopped\n", what)
		}
	}
	if !remove {
		return nil
	}
	if err := folder.Delete(); err != nil {
		return fmt.Errorf("state folder %s cannot be deleted: %w", folder, err)
	}
	command.PrintErrf("state folder %s deleted\n", folder)
	return nil
}
