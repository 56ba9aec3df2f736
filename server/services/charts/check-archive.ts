import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import { memoizeByDigest } from './memoize-by-digest.ts';

/**
 * Checks archives in the chart folder. An archive that was accepted before is not unpacked again: the same digest means
 * the same bytes. Throws the CHART_* problems of the engine.
 */
export function createCheckArchive({ engine }: { engine: Pick<HelmCharts, 'checkChart'> }) {
  return memoizeByDigest((digest, call) => engine.checkChart(digest, call));
}
