import type { PluginRequest } from '../../../contract/schemas/plugin.ts';
import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { JsonObject } from '../json/json.ts';
import { refuseLargeValues } from '../values/values-size.ts';
import { mergeValues } from '../values/merge-values.ts';
import { mergeOutputs } from '../outputs/output-expression.ts';
import { mergeDependencies, providerKey } from '../dependencies/release-dependencies.ts';
import type { ReleaseFacts } from '../release/release-facts.ts';
import { checkLabels, mergeLabels, mergeRemovedLabels, PROJECT_LABEL } from './release-labels.ts';
import { checkReleaseName } from '../names/release-name.ts';
import { mergePlugins } from './release-plugins.ts';
import { mergeStrategy } from './release-strategy.ts';
import { onlyPausePlugin } from '../workloads/pause-state.ts';
import { unsetValues } from '../values/unset-values.ts';
import { parseValuePath } from '../values/value-path.ts';

/** The recorded content of a release, layer by layer; secrets are true values, not `***`. */
export type RecordedRequest = Pick<
  ReleaseFacts,
  | 'configValues'
  | 'commonValues'
  | 'dependenciesConfigValues'
  | 'dependencies'
  | 'releaseLabels'
  | 'removedLabels'
  | 'plugins'
  | 'repoName'
  | 'chartImage'
  | 'project'
  | 'outputs'
  | 'onFailure'
  | 'strategy'
  | 'pause'
  | 'held'
>;

/**
 * The content of a release after merging a request into the recorded content. `repoName` and `chartImage` are as given
 * in the request, `""` if absent: then the chart's origin is recorded instead.
 */
export type EffectiveRequest = RecordedRequest & { name: string };

/** The recorded content of a release that Walm never changed, or that does not exist yet. */
export const NEW_RELEASE: RecordedRequest = {
  configValues: {},
  commonValues: {},
  dependenciesConfigValues: {},
  dependencies: {},
  releaseLabels: {},
  removedLabels: [],
  plugins: [],
  repoName: '',
  chartImage: '',
  project: '',
  outputs: {},
  onFailure: '',
  strategy: null,
  pause: null,
  held: null,
};

/**
 * Merges a request into the recorded content (`undefined` for a new release); `chartPlugins` are the chart's default
 * plugins.
 * @throws ProblemError RELEASE_NAME_INVALID, LABEL_INVALID, DEPENDENCY_INVALID, OUTPUT_INVALID, REQUEST_INVALID,
 * RELEASE_TOO_LARGE
 */
export function toEffectiveRequest(
  request: ReleaseRequest,
  namespace: string,
  recorded: RecordedRequest = NEW_RELEASE,
  chartPlugins: readonly PluginRequest[] = [],
): EffectiveRequest {
  const name = checkReleaseName(request.name);
  checkLabels(request.releaseLabels ?? {});
  const configValues = mergeValues(keptValues(recorded, request), request.configValues ?? {});
  refuseLargeValues(configValues, name, namespace);
  const dependencies = mergeDependencies(recorded.dependencies, request.dependencies ?? {});
  Object.values(dependencies).forEach((provider) => providerKey(provider, namespace));
  return {
    ...recorded,
    name,
    configValues,
    dependencies,
    releaseLabels: mergeLabels(withProject(recorded), request.releaseLabels ?? {}),
    removedLabels: mergeRemovedLabels(recorded.removedLabels, request.releaseLabels ?? {}),
    plugins: mergePlugins(recorded.plugins, request.plugins ?? [], chartPlugins),
    strategy: mergeStrategy(recorded.strategy, request.strategy),
    outputs: mergeOutputs(recorded.outputs, request.outputs ?? {}),
    repoName: request.repoName ?? '',
    chartImage: request.chartImage ?? '',
    onFailure: request.onFailure ?? recorded.onFailure,
    // A newly rendered revision continues the rollout.
    held: null,
  };
}

/** The recorded content without what requests said: a complete request is merged into it. A pause stays. */
export function withoutRequests(recorded: RecordedRequest): RecordedRequest {
  const { configValues, dependencies, releaseLabels, removedLabels, outputs, onFailure, strategy } = NEW_RELEASE;
  return {
    ...recorded,
    configValues,
    dependencies,
    releaseLabels,
    removedLabels,
    outputs,
    onFailure,
    strategy,
    plugins: onlyPausePlugin(recorded.plugins),
  };
}

/** The recorded values without those that the request discards (decision 17: `unset` and `resetValues`). */
function keptValues({ configValues }: RecordedRequest, { unset = [], resetValues }: ReleaseRequest): JsonObject {
  return resetValues === true ? {} : unsetValues(configValues, unset.map(parseValuePath));
}

/** The labels of a release including the one that ties it to its project. */
function withProject({ releaseLabels, project }: RecordedRequest): Record<string, string> {
  return project === '' ? releaseLabels : { ...releaseLabels, [PROJECT_LABEL]: project };
}
