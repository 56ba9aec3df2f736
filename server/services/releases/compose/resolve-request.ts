import type { ReleaseRequest } from '../../../../contract/schemas/release-request.ts';
import type { Warning } from '../../../../contract/schemas/warning.ts';
import type { ChartOrigin } from '../../../domain/charts/chart-origin.ts';
import { boundWarnings } from '../../../domain/bounds/bound-warnings.ts';
import type { JsonObject } from '../../../domain/json/json.ts';
import { unmask } from '../../../domain/masking/unmask.ts';
import { keepSecrets } from '../../../domain/secrets/keep-secrets.ts';
import { layerValues } from '../../../domain/values/merge-values.ts';
import { writeMetaInfoParams } from '../../../domain/metainfo/metainfo-params.ts';
import { checkPlugins } from '../../../domain/plugins/check-plugins.ts';
import { idleRemovals, type RemovableParts } from '../../../domain/request/idle-removals.ts';
import { NEW_RELEASE, type RecordedRequest } from '../../../domain/request/release-request.ts';
import { overriddenSources } from '../../../domain/charts/used-source.ts';
import type { ChartFacts } from '../../charts/chart-facts.ts';

/** The chart that a release is made from, and its origin. */
export type ChartToUse = { chart: ChartFacts; origin: Pick<ChartOrigin, 'kind'> };

/**
 * Normalises a request before it is merged: parameters declared in the chart's metainfo become values (decision 15:
 * metainfo parameters), masked secrets (`***`) are replaced by the recorded ones (decision 4: `***` means unchanged), and
 * fields of the chart or the request without effect cause warnings; `ignoreUnknownPlugins`: except for unknown plugins
 * (decision 22: compatibility). `known` is what is recorded of the release; absent: nothing is said about removing what is
 * not there.
 * @throws ProblemError VALUES_INVALID, also for a masked secret without a recorded value; REQUEST_INVALID for arguments
 * that a plugin refuses
 */
export function resolveRequest(
  request: ReleaseRequest,
  { chart, origin }: ChartToUse,
  known?: RecordedRequest & Pick<RemovableParts, 'labels'>,
  ignoreUnknownPlugins = false,
): { request: ReleaseRequest; warnings: Warning[] } {
  const recorded = known ?? NEW_RELEASE;
  const { metaInfoParams = {}, configValues = {}, ...rest } = withoutMasks(request, recorded);
  const above = layerValues(chart.values, recorded.configValues);
  const written = writeMetaInfoParams(configValues, metaInfoParams, chart.metainfo, above, chart);
  const present = [...recorded.plugins, ...(chart.metainfo?.plugins ?? [])].map(({ name }) => name);
  const below = layerValues(recorded.commonValues, recorded.dependenciesConfigValues);
  const values = keepSecrets(written.values, chart.secrets, recorded.configValues, below);
  return {
    request: { ...rest, configValues: values },
    warnings: [
      ...chart.warnings,
      ...overriddenSources(request, origin, chart),
      ...written.warnings,
      ...boundWarnings(known === undefined ? [] : idleRemovals(request, known, chart.metainfo)),
      ...checkPlugins(request.plugins ?? [], present, ignoreUnknownPlugins),
    ],
  };
}

/** A request may contain parts of an earlier answer: `***` stands for the recorded value. */
function withoutMasks(request: ReleaseRequest, recorded: RecordedRequest): ReleaseRequest {
  const { configValues, plugins, releaseLabels } = request;
  const argsOf = (name: string) => recorded.plugins.find((plugin) => plugin.name === name)?.args;
  return {
    ...request,
    ...(configValues && { configValues: unmask(configValues, recorded.configValues) as JsonObject }),
    ...(releaseLabels && { releaseLabels: unmask(releaseLabels, recorded.releaseLabels) as typeof releaseLabels }),
    ...(plugins && {
      plugins: plugins.map((plugin) => ({ ...plugin, args: unmask(plugin.args ?? '', argsOf(plugin.name)) as string })),
    }),
  };
}
