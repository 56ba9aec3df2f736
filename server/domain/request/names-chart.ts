import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';

/** The parts of a request, or an uploaded archive, that can name a chart. */
export type ChartChoice = { request: Pick<ReleaseRequest, 'chartImage' | 'chartName'>; archive?: unknown };

/** Whether a request names a chart. */
export function namesChart({ request, archive }: ChartChoice): boolean {
  return archive !== undefined || Boolean(request.chartImage) || Boolean(request.chartName);
}
