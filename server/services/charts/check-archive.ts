import type { HelmCharts } from '../../ports/helm/helm-charts.ts';
import { createRemembered } from './remembered.ts';

/**
 * Judges archives that lie in the chart folder. One that was accepted before need not be unpacked again: the same digest
 * is the same bytes. Throws the CHART_* problems of the engine.
 */
export function createCheckArchive({ engine }: { engine: Pick<HelmCharts, 'checkChart'> }) {
  return createRemembered((digest, call) => engine.checkChart(digest, call));
}
