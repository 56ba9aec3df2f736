import { ProblemError } from '../../../domain/errors/problem-error.ts';
import type { EngineCall } from '../../../ports/helm/engine-call.ts';
import type { SettleRequest } from '../../../ports/helm/helm-changes.ts';
import type { HelmWriter } from '../../../ports/helm/helm-writer.ts';

/** What the engine says of a record that is not, any longer, as whoever wants to settle it has seen it. */
const OVERTAKEN: ReadonlySet<string> = new Set(['RELEASE_LOCKED', 'REVISION_MISMATCH', 'RELEASE_NOT_FOUND']);

/**
 * Settles a revision that was left in the middle. False: its record was written or removed meanwhile, by a write of the
 * very operation that arrived late perhaps; look again. Unless it `mayBeOvertaken` it throws that, too.
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
