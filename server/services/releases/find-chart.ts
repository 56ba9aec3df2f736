import { problem } from '../../domain/problem-error.ts';
import type { ChartOrigin } from '../../domain/chart-origin.ts';
import type { WrittenRevision } from '../../domain/recorded-request.ts';
import { readReleaseFacts } from '../../domain/release-facts.ts';
import type { HelmRelease } from '../../ports/helm-release.ts';

export type FindChartDeps = { restoreArchive: (namespace: string, digest: string) => Promise<void> };

/**
 * Finds the chart that a release was made from, for a change that names none, and brings its archive into the chart
 * folder: the one that Walm kept, unless plain Helm has brought another chart since (decisions 1, 3 and 5).
 * @throws ProblemError CHART_NOT_RECORDED
 */
export function createFindChart({ restoreArchive }: FindChartDeps) {
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
    await restoreArchive(current.namespace, source.digest);
    return source;
  };
}

function isOtherChart({ releaseConfig, chartVersion }: HelmRelease, { version }: ChartOrigin): boolean {
  return readReleaseFacts(releaseConfig) === null && chartVersion !== version;
}
