package rpc

import (
	"context"

	"walm.io/engine/action"
	"walm.io/engine/client"
	"walm.io/engine/progress"
)

// methods are the requests of the protocol.
var methods = map[string]func(call) (any, error){
	"initialize": initialize,
	"ping":       nothing,
	"shutdown":   nothing,

	"chart/fetch":      fetchChart,
	"chart/check":      checkChart,
	"chart/inspect":    inspectChart,
	"chart/lint":       lintChart,
	"repository/index": indexRepository,

	"release/render": func(c call) (any, error) {
		return perform(c, (*action.Services).Render, c.renderedAnswer)
	},
	"release/install": func(c call) (any, error) {
		return perform(c, checkedInstall, c.releaseAnswer)
	},
	"release/upgrade": func(c call) (any, error) {
		return perform(c, checkedUpgrade, c.releaseAnswer)
	},
	"release/rewrite": func(c call) (any, error) {
		return perform(c, checkedRewrite, c.releaseAnswer)
	},
	"release/uninstall": func(c call) (any, error) {
		return perform(c, checkedUninstall, plain)
	},
	"release/foretellRemoval": func(c call) (any, error) {
		return perform(c, (*action.Services).ForetellRemoval, spillable[*action.Foretold](c))
	},
	"release/removeFailedInstall": func(c call) (any, error) {
		return perform(c, checkedCleanup, plain)
	},
	"release/get": func(c call) (any, error) {
		return ask(c, (*action.Services).Get, c.releaseAnswer)
	},
	"release/getMany": func(c call) (any, error) {
		return ask(c, c.getMany, spillable[[]batchEntry](c))
	},
	"release/test": func(c call) (any, error) {
		return perform(c, checkedTest, spillable[[]action.TestRun](c))
	},
	"release/compare": func(c call) (any, error) {
		return ask(c, (*action.Services).Compare, spillable[[]action.Comparison](c))
	},
	"release/packChart": packRecordedChart,
	"release/list":      listReleases,
	"release/history":   releaseHistory,
	"release/settle":    settleRevision,
	"objects/resources": listResources,
	"objects/mergeKeys": listMergeKeys,
}

func nothing(call) (any, error) {
	return struct{}{}, nil
}

// perform runs an operation that reports progress and encodes its result for the protocol.
func perform[P, R any](
	c call, run func(*action.Services, context.Context, P, progress.Reporter) (R, error), encode func(R) (any, error),
) (any, error) {
	return ask(c, func(services *action.Services, ctx context.Context, params P) (R, error) {
		return run(services, ctx, params, c.reporter())
	}, encode)
}

// ask runs an operation without progress.
func ask[P, R any](
	c call, run func(*action.Services, context.Context, P) (R, error), encode func(R) (any, error),
) (any, error) {
	params, err := read[P](c)
	if err != nil {
		return nil, err
	}
	services, err := c.engine.releases()
	if err != nil {
		return nil, err
	}
	permit := c.permit()
	result, err := run(services, client.WithPermit(c.context, permit), params)
	// Helm swallows some errors of writes, and wraps others.
	if refused := permit.Refused(); refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	return encode(result)
}

// plain leaves the result to the encoder of the protocol.
func plain[R any](result R) (any, error) {
	return result, nil
}

// spillable encodes a result as a text of JSON, which goes through a file if it is long.
func spillable[R any](c call) func(R) (any, error) {
	return func(result R) (any, error) { return c.engine.spillJSON(result) }
}

func checkedInstall(services *action.Services, ctx context.Context, params action.InstallRequest, report progress.Reporter) (*action.Release, error) {
	if err := checkTimes(params); err != nil {
		return nil, err
	}
	return services.Install(ctx, params, report)
}

func checkedUpgrade(services *action.Services, ctx context.Context, params action.UpgradeRequest, report progress.Reporter) (*action.Release, error) {
	if err := checkTimes(params.InstallRequest); err != nil {
		return nil, err
	}
	switch params.Recreate {
	case "", "orphan", "delete":
	default:
		return nil, invalidParams("recreate must be orphan or delete")
	}
	return services.Upgrade(ctx, params, report)
}

func checkedRewrite(services *action.Services, ctx context.Context, params action.RewriteRequest, report progress.Reporter) (*action.Release, error) {
	if params.Hooks != "none" && params.Hooks != "rollback" {
		return nil, invalidParams("hooks must be none or rollback")
	}
	if params.TimeoutMs <= 0 {
		return nil, errTimeoutMissing
	}
	return services.Rewrite(ctx, params, report)
}

func checkedUninstall(services *action.Services, ctx context.Context, params action.UninstallRequest, report progress.Reporter) (*action.Removed, error) {
	if params.TimeoutMs <= 0 {
		return nil, errTimeoutMissing
	}
	return services.Uninstall(ctx, params, report)
}

func checkedTest(services *action.Services, ctx context.Context, params action.TestRequest, report progress.Reporter) ([]action.TestRun, error) {
	if params.TimeoutMs <= 0 {
		return nil, errTimeoutMissing
	}
	return services.Test(ctx, params, report)
}

func checkedCleanup(services *action.Services, ctx context.Context, params action.RemoveFailedInstallRequest, report progress.Reporter) (*action.CleanedUp, error) {
	if params.TimeoutMs <= 0 {
		return nil, errTimeoutMissing
	}
	return services.RemoveFailedInstall(ctx, params, report)
}

// errTimeoutMissing protects from Helm's interpretation of 0, which makes every hook fail at once.
var errTimeoutMissing = invalidParams("timeoutMs must be above 0")

func checkTimes(params action.InstallRequest) error {
	switch params.CRDs {
	case "create", "apply", "skip":
	default:
		return invalidParams("crds must be create, apply or skip")
	}
	if params.TimeoutMs <= 0 {
		return errTimeoutMissing
	}
	return nil
}
