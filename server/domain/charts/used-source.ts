import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import type { Warning } from '../../../contract/schemas/warning.ts';
import type { ChartOrigin } from './chart-origin.ts';
import { repositoryOf } from './other-version.ts';

/** What a request says about the source of its chart. */
type SourcesNamed = Pick<ReleaseRequest, 'chartImage' | 'chartName' | 'chartVersion' | 'repoName'>;

/** The name of a source in a sentence, in order of precedence. */
const WINNERS = { archive: 'the chart archive', image: 'chartImage' } as const;

/**
 * Compares a request with the chart source that is used: returns a warning for each field without effect. A name or
 * version that the chart has anyway is not a contradiction.
 */
export function overriddenSources(
  request: SourcesNamed,
  { kind }: Pick<ChartOrigin, 'kind'>,
  chart: { name: string; version: string },
): Warning[] {
  if (kind !== 'archive' && kind !== 'image') {
    return [];
  }
  const idle: readonly (keyof SourcesNamed)[] = [
    ...(kind === 'archive' ? (['chartImage'] as const) : []),
    'repoName',
    ...(request.chartName === chart.name ? [] : (['chartName'] as const)),
    ...(request.chartVersion === chart.version ? [] : (['chartVersion'] as const)),
  ];
  return idle
    .filter((field) => Boolean(request[field]))
    .map((field) => ({
      code: 'CHART_SOURCE_IGNORED',
      message: `${field} is ignored: ${WINNERS[kind]} wins, and brought ${chart.name} ${chart.version}`,
      path: `/${field}`,
    }));
}

/**
 * The recorded origin of a chart: as the request said it, or if it named none, as the chart's origin says it (with
 * `asAsked` no repository), without anything that was overridden.
 */
export function usedSource(
  { repoName, chartImage }: { repoName: string; chartImage: string },
  { kind, ref }: Pick<ChartOrigin, 'kind' | 'ref'>,
  asAsked: boolean,
): { repoName: string; chartImage: string } {
  return {
    repoName: kind === 'repository' ? repoName || (asAsked ? '' : repositoryOf({ ref })[0]) : '',
    chartImage: kind === 'image' ? chartImage || ref : '',
  };
}
