import { ProblemError } from '../../../domain/errors/problem-error.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { SettleRequest } from '../../../ports/helm/helm-changes.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';

/** Problems of the engine that mean the record has changed since it was observed. */
const OVERTAKEN: ReadonlySet<string> = new Set(['RELEASE_LOCKED', 'REVISION_MISMATCH', 'RELEASE_NOT_FOUND']);

/**
 * Marks an unfinished revision as failed. False: its record was written or removed meanwhile, perhaps by a late write
 * of the same operation, so observe again. Throws that as well unless `mayBeOvertaken`.
 */
export async function settleRevision(
  engine: Pick<HelmWriter, 'settle'>,
  request: SettleRequest,
  call: EngineCall,
  mayBeOvertaken = true,
): Promise<boolean> {
  try {
    await engine.settle(request, call);
    return true;
  } catch (error) {
    if (mayBeOvertaken && error instanceof ProblemError && OVERTAKEN.has(error.code)) {
      return false;
    }
    throw error;
  }
}
