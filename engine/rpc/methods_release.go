package rpc

import (
	"context"

	"walm.io/engine/action"
	"walm.io/engine/client"
)

func listReleases(c call) (any, error) {
	type question struct {
		Identity  *client.Identity `json:"identity"`
		Namespace string           `json:"namespace"`
	}
	return ask(c, func(services *action.Services, ctx context.Context, params question) ([]action.Summary, error) {
		return services.List(ctx, params.Identity, params.Namespace)
	}, asText[[]action.Summary](c))
}

func releaseHistory(c call) (any, error) {
	return ask(c, (*action.Services).History, asText[[]action.Summary](c))
}

func settleRevision(c call) (any, error) {
	return ask(c, func(services *action.Services, ctx context.Context, params action.SettleRequest) (struct{}, error) {
		return struct{}{}, services.Settle(ctx, params)
	}, asIs)
}

func listResources(c call) (any, error) {
	return ask(c, func(services *action.Services, ctx context.Context, _ struct{}) ([]client.Resource, error) {
		return services.Cluster.Resources(ctx)
	}, func(found []client.Resource) (any, error) {
		return map[string][]client.Resource{"resources": found}, nil
	})
}
