import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';

/** Unit of memory sizes given as numbers (decision 16: units of metaInfoParams). */
export type MemoryUnit = 'Gi' | 'Mi';

/** The request with its unit of memory made explicit, so that a task means the same whatever is configured later. */
export function withMemoryUnit(request: ReleaseRequest, memoryUnit: MemoryUnit): ReleaseRequest {
  const { metaInfoParams } = request;
  return metaInfoParams === undefined ? request : { ...request, metaInfoParams: { memoryUnit, ...metaInfoParams } };
}
