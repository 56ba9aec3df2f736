package cli

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"walm.io/walm/sandbox/internal/kubeconfig"
	"walm.io/walm/sandbox/internal/pki"
	"walm.io/walm/sandbox/internal/state"
)

func newKubeconfigCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "kubeconfig --user NAME",
		Short: "Issue another identity",
		Long: `Issue another identity: a kubeconfig with a certificate for a user and its groups. It may do
what RBAC allows it, which is nothing until somebody grants it something.`,
		Example: `  walm-sandbox kubeconfig --user alice --group developers --out alice.kubeconfig
  kubectl create clusterrolebinding alice --clusterrole view --user alice`,
		Args: cobra.NoArgs,
	}
	folder := stateFlag(command)
	user := command.Flags().String("user", "", "name of the user")
	groups := command.Flags().StringArray("group", nil, "a group of the user (can be repeated)")
	out := command.Flags().String("out", "", "file to write, readable by you only (default: standard output)")
	command.RunE = func(command *cobra.Command, _ []string) error {
		if *user == "" {
			return errors.New("--user NAME is needed")
		}
		path, err := folder()
		if err != nil {
			return err
		}
		data, err := issue(path, pki.Request{CommonName: *user, Organizations: *groups}, time.Now())
		if err != nil {
			return err
		}
		if *out == "" {
			_, err = command.OutOrStdout().Write(data)
			return err
		}
		return kubeconfig.WritePrivate(*out, data)
	}
	return command
}

func issue(path state.Folder, request pki.Request, now time.Time) ([]byte, error) {
	folder, err := state.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("no sandbox was ever started on state folder %s: start one with \"walm-sandbox up --state %s\"", path, path)
	}
	if err != nil {
		return nil, err
	}
	instance, err := folder.Instance()
	if err != nil {
		return nil, err
	}
	if instance.Server == "" {
		return nil, fmt.Errorf("no sandbox was ever started on state folder %s: start one with \"walm-sandbox up --state %s\"", folder, folder)
	}
	authority, err := pki.LoadAuthority(pki.LayoutIn(folder.PKI()).Authority)
	if err != nil {
		return nil, err
	}
	pair, err := authority.Issue(request, now)
	if err != nil {
		return nil, err
	}
	return kubeconfig.Encode(instance.Server, authority.PEM(), kubeconfig.Identity{User: request.CommonName, Pair: pair})
}
