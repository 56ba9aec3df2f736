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

// failure says what a registry's refusal, silence or invalid response means for the chart. Only the responses of a
// proven registry are distinguished; all others give one text, which begins like the original's.
func (i *image) failure(ctx context.Context, err error) error {
	var refused *errcode.ErrorResponse
	status := 0
	if errors.As(err, &refused) {
		status = refused.StatusCode
	}
	known, isKnown := problem.From(err)
	switch i.conversation.partner() {
	case tokenService:
		return i.fetcher.unreachable(ctx, err, i.conversation.last(), problem.RegistryUnauthorized, i.unauthorizedText())
	case registryItself:
		switch {
		case isKnown:
			return known
		case status == http.StatusUnauthorized, status == http.StatusForbidden, errors.Is(err, auth.ErrBasicCredentialNotFound):
			return problem.New(problem.RegistryUnauthorized, "%s", i.unauthorizedText()).Because(err)
		case status == http.StatusNotFound, errors.Is(err, errdef.ErrNotFound):
			return problem.New(problem.ChartNotFound, "Chart %s is not found: the registry does not have it", i.reference).
				With("chart", i.reference.String()).Because(err)
		case status != 0:
			return problem.New(problem.RegistryUnreachable, "registry %s answered with status %d for chart %s: try again later",
				i.reference.Registry, status, i.reference).With("status", status).Because(err)
		}
	case somebodyElse:
	}
	scheme := "https"
	if i.reference.plainHTTP {
		scheme = "http"
	}
	wanted := i.reference.wanted()
	if wanted == "" {
		wanted = "latest"
	}
	sentence := fmt.Sprintf("failed to do request: Head \"%s://%s/v2/%s/manifests/%s\": there is no registry that can be used; "+
		"its certificate must be trusted, and one that speaks plain http is written oci+http://%s",
		scheme, i.reference.Host(), i.reference.Repository, wanted, i.reference)
	return i.fetcher.unreachable(ctx, err, i.conversation.last(), problem.RegistryUnreachable, sentence)
}

func (i *image) unauthorizedText() string {
	hint := "check that it exists and the credentials of the registry"
	if host := i.conversation.withheldFrom(); host != "" {
		hint = fmt.Sprintf("the credentials were not sent to its token service %s, which belongs to another site", host)
	}
	return fmt.Sprintf("registry %s refuses access to chart %s: %s", i.reference.Registry, i.reference, hint)
}
