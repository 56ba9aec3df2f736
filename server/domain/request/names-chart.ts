import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';

/** What of a request, or of the archive that came with it, can say which chart is wanted. */
export type ChartChoice = { request: Pick<ReleaseRequest, 'chartImage' | 'chartName'>; archive?: unknown };

/** Whether a request says which chart it wants. */
export function namesChart({ request, archive }: ChartChoice): boolean {
  return archive !== undefined || Boolean(request.chartImage) || Boolean(request.chartName);
}
