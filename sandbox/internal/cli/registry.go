package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"walm.io/walm/sandbox/internal/kubeconfig"
	"walm.io/walm/sandbox/internal/registry"
	"walm.io/walm/sandbox/internal/state"
)

// passwordVariable is the way to give a password that other users of the machine cannot see.
const passwordVariable = "WALM_SANDBOX_REGISTRY_PASSWORD"

type registryOptions struct {
	folder             state.Folder
	port               int
	username, password string
	portFile           string
}

func newRegistryCommand() *cobra.Command {
	options := registryOptions{}
	detached := false
	command := &cobra.Command{
		Use:   "registry",
		Short: "Run an OCI registry",
		Long: `Run an OCI registry on 127.0.0.1 until it is interrupted, or with --detach until "down".
It speaks plain http; its content is kept in the state folder. When it is ready, its address is
printed to standard output.`,
		Example: `  address=$(walm-sandbox registry --detach)
  helm push --plain-http zookeeper-1.0.0.tgz oci://$address/charts`,
		Args: cobra.NoArgs,
	}
	folder := stateFlag(command)
	report := reporterFlag(command)
	flags := command.Flags()
	flags.IntVar(&options.port, "port", 0, "port on 127.0.0.1 (0: a free one)")
	flags.StringVar(&options.username, "username", "", "ask for this user name by basic authentication")
	flags.StringVar(&options.password, "password", "", "and for this password (default: $"+passwordVariable+")")
	flags.StringVar(&options.portFile, "port-file", "", "file to write the port to when ready")
	flags.BoolVar(&detached, "detach", false, "run in the background; return when it is ready")
	command.RunE = func(command *cobra.Command, _ []string) error {
		path, err := folder()
		if err != nil {
			return err
		}
		if options.folder, err = state.Create(path); err != nil {
			return err
		}
		if options.username != "" && options.password == "" {
			options.password = os.Getenv(passwordVariable)
		}
		if err := (registry.Options{Username: options.username, Password: options.password}).Validate(); err != nil {
			return err
		}
		if detached {
			return registryDetached(command, options)
		}
		return registryForeground(command.Context(), options, report())
	}
	return command
}

func registryForeground(ctx context.Context, options registryOptions, report reporter) error {
	lock, err := options.folder.Acquire(state.RegistryLock)
	if errors.Is(err, state.ErrLocked) {
		return lockedError(options.folder, state.RegistryLock)
	}
	if err != nil {
		return err
	}
	defer lock.Release()
	listener, err := state.Listen(options.port, 0)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(options.folder.RegistryLog(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	if options.portFile != "" {
		if err := kubeconfig.WritePrivate(options.portFile, fmt.Appendln(nil, state.Port(listener))); err != nil {
			return err
		}
	}
	address := listener.Addr().String()
	if err := kubeconfig.WritePrivate(options.folder.RegistryAddress(), []byte(address)); err != nil {
		return err
	}
	// The listener already queues connections.
	report.ready(address)
	return registry.Serve(ctx, listener, registry.Options{
		Folder: options.folder.Registry(), Username: options.username, Password: options.password, Log: log,
	})
}

func registryDetached(command *cobra.Command, options registryOptions) error {
	pid, err := options.folder.Holder(state.RegistryLock)
	if err != nil {
		return err
	}
	if pid != 0 {
		return lockedError(options.folder, state.RegistryLock)
	}
	if err := os.Setenv(passwordVariable, options.password); err != nil {
		return err
	}
	address, err := detach(command, []string{
		"registry", "--state", string(options.folder), fmt.Sprintf("--port=%d", options.port),
		"--username=" + options.username, "--port-file=" + options.portFile,
	}, options.folder.RegistryLog())
	if err != nil {
		return err
	}
	fmt.Fprintln(command.OutOrStdout(), address)
	return nil
}
