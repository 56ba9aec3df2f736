// Package kubeconfig writes the files by which kubectl, helm and Walm reach a sandbox.
package kubeconfig

import (
	"os"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"walm.io/walm/sandbox/internal/pki"
)

// Context is the name of cluster and context in every kubeconfig of a sandbox.
const Context = "walm-sandbox"

// Identity is who a kubeconfig speaks as.
type Identity struct {
	User string
	Pair pki.Pair
}

// Encode builds a kubeconfig with everything inline, so that it can be copied anywhere on this machine.
func Encode(server string, authority []byte, identity Identity) ([]byte, error) {
	config := api.NewConfig()
	config.Clusters[Context] = &api.Cluster{Server: server, CertificateAuthorityData: authority}
	config.AuthInfos[identity.User] = &api.AuthInfo{
		ClientCertificateData: identity.Pair.Certificate,
		ClientKeyData:         identity.Pair.Key,
	}
	config.Contexts[Context] = &api.Context{Cluster: Context, AuthInfo: identity.User, Namespace: "default"}
	config.CurrentContext = Context
	return clientcmd.Write(*config)
}

// WriteAdmin writes the administrator's kubeconfig (group system:masters), readable by this user only.
func WriteAdmin(path, server string, keys pki.Layout) error {
	authority, err := os.ReadFile(keys.Authority.Certificate)
	if err != nil {
		return err
	}
	pair, err := keys.Admin.Read()
	if err != nil {
		return err
	}
	data, err := Encode(server, authority, Identity{User: "sandbox-admin", Pair: pair})
	if err != nil {
		return err
	}
	return WritePrivate(path, data)
}

// WritePrivate replaces a file in one step and gives it mode 0600.
func WritePrivate(path string, data []byte) error {
	temporary := path + ".new"
	if err := os.WriteFile(temporary, data, 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

// Load reads a kubeconfig for a client.
func Load(path string) (*rest.Config, error) {
	return clientcmd.BuildConfigFromFlags("", path)
}
