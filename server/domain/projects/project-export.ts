import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { ChartOrigin } from '../charts/chart-origin.ts';
import { repositoryOf } from '../charts/other-version.ts';
import type { JsonObject } from '../json/json.ts';
import { sortedJson } from '../json/sorted-json.ts';
import type { ReleaseFacts } from '../release/release-facts.ts';

/** What requests made of a release, with true values or as they may be shown. */
export type ExportedContent = Pick<
  ReleaseFacts,
  'configValues' | 'dependencies' | 'onFailure' | 'outputs' | 'plugins' | 'releaseLabels' | 'removedLabels' | 'strategy'
> & { name: string };

/**
 * The complete request that makes a release what it is. `excluded` are dependencies that its project would give it, and
 * that it does not have. A chart without a source that others could fetch it from is not named: null then says so.
 */
export function exportRelease(
  content: ExportedContent,
  origin: Pick<ChartOrigin, 'kind' | 'ref' | 'version'>,
  excluded: readonly string[],
): ReleaseRequest {
  const { name, configValues, onFailure, outputs, plugins, strategy } = content;
  const without = (keys: readonly string[]) => keys.map((key): [string, string] => [key, '']);
  const dependencies = { ...content.dependencies, ...Object.fromEntries(without(excluded)) };
  const labels = { ...Object.fromEntries(without(content.removedLabels)), ...content.releaseLabels };
  return {
    name,
    ...chartOf(origin),
    ...(isFilled(configValues) && { configValues }),
    ...(isFilled(dependencies) && { dependencies }),
    ...(isFilled(labels) && { releaseLabels: labels }),
    ...(isFilled(outputs) && { outputs }),
    ...(plugins.length > 0 && { plugins: [...plugins] }),
    // What requests set is what a request can set.
    ...(strategy !== null && { strategy }),
    ...(onFailure !== '' && { onFailure: onFailure as NonNullable<ReleaseRequest['onFailure']> }),
  };
}

/** Whether others can fetch the chart from where it came. */
export function isFetchable({ kind }: Pick<ChartOrigin, 'kind'>): boolean {
  return kind === 'repository' || kind === 'image';
}

/** The values that most members have in common: those of the project; `{}` of none. */
export function commonOfMost(members: readonly JsonObject[]): JsonObject {
  const groups = [...Map.groupBy(members, (values) => sortedJson(values)).values()];
  return groups.toSorted((a, b) => b.length - a.length)[0]?.[0] ?? {};
}

function chartOf({ kind, ref, version }: Pick<ChartOrigin, 'kind' | 'ref' | 'version'>): ReleaseRequest {
  switch (kind) {
    case 'repository': {
      const [repoName, chartName] = repositoryOf({ ref });
      return { repoName, chartName, chartVersion: version };
    }
    case 'image':
      return { chartImage: ref };
    case 'archive':
    case 'record':
      return {};
    default:
      return kind satisfies never;
  }
}

function isFilled(value: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(value).length > 0;
}
