package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"walm.io/engine/problem"
)

// failure says what a registry's refusal or silence means for the chart. The text for a registry that cannot be
// reached begins as the original's does.
func (i *image) failure(ctx context.Context, err error) error {
	var refused *errcode.ErrorResponse
	status := 0
	if errors.As(err, &refused) {
		status = refused.StatusCode
	}
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, errors.Is(err, auth.ErrBasicCredentialNotFound):
		return i.unauthorized(err)
	case errors.Is(err, errdef.ErrNotFound), status == http.StatusNotFound:
		return problem.New(problem.ChartNotFound, "Chart %s is not found: the registry does not have it", i.reference).
			With("chart", i.reference.String()).Because(err)
	case status != 0:
		return problem.New(problem.RegistryUnreachable, "registry %s answered with status %d for chart %s: try again later",
			i.reference.Registry, status, i.reference).With("status", status).Because(err)
	}
	scheme := "https"
	if i.reference.plainHTTP {
		scheme = "http"
	}
	address := fmt.Sprintf("%s://%s/v2/%s/manifests/%s", scheme, i.reference.Host(), i.reference.Repository, i.reference.wanted())
	if errors.Is(err, http.ErrSchemeMismatch) {
		return problem.New(problem.RegistryUnreachable,
			"failed to do request: Head %q: the registry speaks plain http, which must be asked for: write oci+http://%s, or configure it so",
			address, i.reference).Because(err)
	}
	return failure(ctx, err, problem.RegistryUnreachable, fmt.Sprintf("failed to do request: Head %q", address))
}

func (i *image) unauthorized(err error) error {
	hint := "check that it exists and the credentials of the registry"
	if host := i.credentials.withheldFrom(); host != "" {
		hint = fmt.Sprintf("the credentials were not sent to its token service %s, which belongs to another site", host)
	}
	return problem.New(problem.RegistryUnauthorized, "registry %s refuses access to chart %s: %s", i.reference.Registry, i.reference, hint).Because(err)
}
