import type { ReleasePlugin } from '../../contract/plugin.ts';
import type { ReleaseRequest } from '../../contract/release-request.ts';
import type { JsonObject } from './json.ts';
import { mergeValues } from './merge-values.ts';
import { mergeDependencies, providerKey } from './release-dependencies.ts';
import { checkLabels, mergeLabels } from './release-labels.ts';
import { checkReleaseName } from './release-name.ts';
import { mergePlugins } from './release-plugins.ts';

/** What a release consists of, the request merged over what is recorded. */
export type EffectiveRequest = {
  name: string;
  /** The user's own values; a null drops the chart's default. */
  configValues: JsonObject;
  dependencies: Record<string, string>;
  releaseLabels: Record<string, string>;
  plugins: ReleasePlugin[];
  /** As the request said them, `""` when it did not: the original recorded the last request, too. */
  repoName: string;
  chartImage: string;
};

/** What is recorded of a release that exists; `configValues` are the true ones, not those with `***`. */
export type RecordedRequest = Pick<EffectiveRequest, 'configValues' | 'dependencies' | 'releaseLabels' | 'plugins'>;

const NOTHING: RecordedRequest = { configValues: {}, dependencies: {}, releaseLabels: {}, plugins: [] };

/**
 * Merges a request over what is recorded (`undefined` for a new release).
 * @throws ProblemError RELEASE_NAME_INVALID, LABEL_INVALID, DEPENDENCY_INVALID, REQUEST_INVALID
 */
export function toEffectiveRequest(
  request: ReleaseRequest,
  namespace: string,
  recorded: RecordedRequest = NOTHING,
): EffectiveRequest {
  const name = checkReleaseName(request.name);
  checkLabels(request.releaseLabels ?? {});
  const dependencies = mergeDependencies(recorded.dependencies, request.dependencies ?? {});
  Object.values(dependencies).forEach((provider) => providerKey(provider, namespace));
  return {
    name,
    configValues: mergeValues(recorded.configValues, request.configValues ?? {}),
    dependencies,
    releaseLabels: mergeLabels(recorded.releaseLabels, request.releaseLabels ?? {}),
    plugins: mergePlugins(recorded.plugins, request.plugins ?? []),
    repoName: request.repoName ?? '',
    chartImage: request.chartImage ?? '',
  };
}
