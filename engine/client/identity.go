package client

import (
	"errors"
	"slices"
	"strings"

	"k8s.io/client-go/rest"
)

// Identity is the user an operation is performed for; nil means the engine's own identity.
type Identity struct {
	User   string              `json:"user"`
	UID    string              `json:"uid,omitempty"`
	Groups []string            `json:"groups"`
	Extra  map[string][]string `json:"extra,omitempty"`
}

// errEmptyIdentity prevents the cluster from falling back to the engine's own rights.
var errEmptyIdentity = errors.New("the identity names no user, or an empty group")

func isBlank(text string) bool {
	return strings.TrimSpace(text) == ""
}

// impersonate makes every request of config act for the identity.
func (i *Identity) impersonate(config *rest.Config) error {
	if i == nil {
		return nil
	}
	if isBlank(i.User) || slices.ContainsFunc(i.Groups, isBlank) {
		return errEmptyIdentity
	}
	config.Impersonate = rest.ImpersonationConfig{UserName: i.User, UID: i.UID, Groups: i.Groups, Extra: i.Extra}
	return nil
}
