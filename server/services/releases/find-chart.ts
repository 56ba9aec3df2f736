import { problem, ProblemError } from '../../domain/problem-error.ts';
import type { ChartOrigin } from '../../domain/chart-origin.ts';
import type { WrittenRevision } from '../../domain/recorded-request.ts';
import { readReleaseFacts } from '../../domain/release-facts.ts';
import type { ChartWanted, createResolveChart } from '../charts/resolve-chart.ts';
import type { HelmRelease } from '../../ports/helm-release.ts';

export type FindChartDeps = {
  restoreArchive: (namespace: string, digest: string) => Promise<void>;
  resolveChart: ReturnType<typeof createResolveChart>;
};

/**
 * Finds the chart that a release was made from, for a change that names none, and brings its archive into the chart
 * folder: the one that Walm kept, and where that is lost the one at its source, unless plain Helm has brought another
 * chart since (decisions 1, 3 and 5).
 * @throws ProblemError CHART_NOT_RECORDED
 */
export function createFindChart({ restoreArchive, resolveChart }: FindChartDeps) {
  return async (current: HelmRelease, written: WrittenRevision | null): Promise<ChartOrigin> => {
    const source = written?.facts.source ?? null;
    if (source === null || isOtherChart(current, source)) {
      throw problem(
        'CHART_NOT_RECORDED',
        `the chart of release ${current.namespace}/${current.name} was brought by another Helm, and its record does ` +
          'not hold all of it: send the chart',
        { chart: current.chartName, version: current.chartVersion },
      );
    }
    try {
      await restoreArchive(current.namespace, source.digest);
      return source;
    } catch (error) {
      const request = requestOf(source);
      if (request === null || !(error instanceof ProblemError && error.code === 'CHART_NOT_RECORDED')) {
        throw error;
      }
      return (await resolveChart({ namespace: current.namespace, request })).origin;
    }
  };
}

/** How the same chart is asked for again; null for an archive that somebody uploaded. */
function requestOf({ kind, ref, version }: ChartOrigin): ChartWanted['request'] | null {
  const [repoName = '', ...chart] = ref.split('/');
  switch (kind) {
    case 'archive':
      return null;
    case 'image':
      return { chartImage: ref };
    case 'repository':
      return { repoName, chartName: chart.join('/'), chartVersion: version };
    default:
      return kind satisfies never;
  }
}

function isOtherChart({ releaseConfig, chartVersion }: HelmRelease, { version }: ChartOrigin): boolean {
  return readReleaseFacts(releaseConfig) === null && chartVersion !== version;
}
