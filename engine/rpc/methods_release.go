package rpc

import (
	"context"

	"k8s.io/apimachinery/pkg/runtime/schema"

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
	}, spillable[[]action.Summary](c))
}

func releaseHistory(c call) (any, error) {
	return ask(c, (*action.Services).History, spillable[[]action.Summary](c))
}

func settleRevision(c call) (any, error) {
	return ask(c, func(services *action.Services, ctx context.Context, params action.SettleRequest) (struct{}, error) {
		return struct{}{}, services.Settle(ctx, params)
	}, plain)
}

func listResources(c call) (any, error) {
	return ask(c, func(services *action.Services, ctx context.Context, _ struct{}) ([]client.Resource, error) {
		return services.Cluster.Resources(ctx)
	}, func(found []client.Resource) (any, error) {
		return map[string][]client.Resource{"resources": found}, nil
	})
}

// mergeKeysParams asks how lists are merged in objects of these kinds.
type mergeKeysParams struct {
	Kinds []struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	} `json:"kinds"`
}

// mergeKeysResult is in the order of the question.
type mergeKeysResult struct {
	Kinds []client.MergeKeys `json:"kinds"`
}

func listMergeKeys(c call) (any, error) {
	return ask(c, func(services *action.Services, ctx context.Context, params mergeKeysParams) ([]client.MergeKeys, error) {
		kinds := make([]schema.GroupVersionKind, 0, len(params.Kinds))
		for _, one := range params.Kinds {
			kinds = append(kinds, schema.FromAPIVersionAndKind(one.APIVersion, one.Kind))
		}
		return services.Cluster.MergeKeys(ctx, kinds)
	}, func(found []client.MergeKeys) (any, error) {
		return mergeKeysResult{found}, nil
	})
}
