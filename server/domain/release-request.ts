import type { ReleasePlugin } from '../../contract/plugin.ts';
import type { ReleaseRequest } from '../../contract/release-request.ts';
import type { JsonObject } from './json.ts';
import { mergeValues } from './merge-values.ts';
import { mergeOutputs } from './outputs/output-expression.ts';
import { mergeDependencies, providerKey } from './release-dependencies.ts';
import { checkLabels, mergeLabels, PROJECT_LABEL } from './release-labels.ts';
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
  /** Expressions by output name. */
  outputs: Record<string, string>;
  /** Below everything else that is said about the values (decision 18); set by the release's project. */
  commonValues: JsonObject;
  /** `""` when the release belongs to no project. */
  project: string;
  /** As the request said them, `""` when it did not: the original recorded the last request, too. */
  repoName: string;
  chartImage: string;
};

/** What is recorded of a release that exists; `configValues` are the true ones, not those with `***`. */
export type RecordedRequest = Pick<
  EffectiveRequest,
  'configValues' | 'dependencies' | 'releaseLabels' | 'plugins' | 'outputs' | 'commonValues' | 'project'
>;

/** What is recorded of a release that does not exist yet. */
export const NEW_RELEASE: RecordedRequest = {
  configValues: {},
  dependencies: {},
  releaseLabels: {},
  plugins: [],
  outputs: {},
  commonValues: {},
  project: '',
};

/**
 * Merges a request over what is recorded (`undefined` for a new release).
 * @throws ProblemError RELEASE_NAME_INVALID, LABEL_INVALID, DEPENDENCY_INVALID, OUTPUT_INVALID,
 *   REQUEST_INVALID
 */
export function toEffectiveRequest(
  request: ReleaseRequest,
  namespace: string,
  recorded: RecordedRequest = NEW_RELEASE,
): EffectiveRequest {
  const name = checkReleaseName(request.name);
  checkLabels(request.releaseLabels ?? {});
  const dependencies = mergeDependencies(recorded.dependencies, request.dependencies ?? {});
  Object.values(dependencies).forEach((provider) => providerKey(provider, namespace));
  return {
    name,
    configValues: mergeValues(recorded.configValues, request.configValues ?? {}),
    dependencies,
    releaseLabels: mergeLabels(withProject(recorded), request.releaseLabels ?? {}),
    plugins: mergePlugins(recorded.plugins, request.plugins ?? []),
    outputs: mergeOutputs(recorded.outputs, request.outputs ?? {}),
    commonValues: recorded.commonValues,
    project: recorded.project,
    repoName: request.repoName ?? '',
    chartImage: request.chartImage ?? '',
  };
}

/** The labels of a release with the one that ties it to its project. */
function withProject({ releaseLabels, project }: RecordedRequest): Record<string, string> {
  return project === '' ? releaseLabels : { ...releaseLabels, [PROJECT_LABEL]: project };
}
