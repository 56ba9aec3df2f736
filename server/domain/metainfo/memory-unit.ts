import type { ReleaseRequest } from '../../../contract/schemas/release-request.ts';

/** Unit of memory where it is given as a number (decision 16). */
export type MemoryUnit = 'Gi' | 'Mi';

/** The request with the unit of its memory written down, so that a task means the same whatever is configured later. */
export function withMemoryUnit(request: ReleaseRequest, memoryUnit: MemoryUnit): ReleaseRequest {
  const { metaInfoParams } = request;
  return metaInfoParams === undefined ? request : { ...request, metaInfoParams: { memoryUnit, ...metaInfoParams } };
}
