package client

import (
	"errors"
	"slices"
	"strings"

	"k8s.io/client-go/rest"
)

// Identity is the person an operation is performed for; nil means the engine's own account.
type Identity struct {
	User   string              `json:"user"`
	Groups []string            `json:"groups"`
	Extra  map[string][]string `json:"extra,omitempty"`
}

// errEmptyIdentity guards against the cluster falling back to the engine's own rights.
var errEmptyIdentity = errors.New("the identity names no user")

// impersonate makes every request of config act for the identity.
func (i *Identity) impersonate(config *rest.Config) error {
	if i == nil {
		return nil
	}
	if strings.TrimSpace(i.User) == "" || slices.Contains(i.Groups, "") {
		return errEmptyIdentity
	}
	config.Impersonate = rest.ImpersonationConfig{UserName: i.User, Groups: i.Groups, Extra: i.Extra}
	return nil
}
