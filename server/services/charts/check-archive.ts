import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import { createRemembered } from './remembered.ts';

/**
 * Checks archives in the chart folder. An archive that was accepted before is not unpacked again: the same digest means
 * the same bytes. Throws the CHART_* problems of the engine.
 */
export function createCheckArchive({ engine }: { engine: Pick<HelmCharts, 'checkChart'> }) {
  return createRemembered((digest, call) => engine.checkChart(digest, call));
}
