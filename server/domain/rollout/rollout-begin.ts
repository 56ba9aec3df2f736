import type { SeenRevision } from '../change/install-plan.ts';
import { isInterruption } from '../revisions/interruption.ts';

/**
 * When the rollout of a revision started, in milliseconds since the epoch; `history` is oldest first. Interrupted
 * attempts right before it count, because the revision does not repeat what one of them has already applied. If nothing
 * was deployed any more, Helm has marked such an attempt as superseded.
 */
export function rolloutBegan(history: readonly SeenRevision[], { revision, updated }: SeenRevision): number {
  let begun = updated;
  for (const earlier of history.filter((one) => one.revision < revision).toReversed()) {
    if (earlier.status === 'deployed' || !isInterruption(earlier.description)) {
      break;
    }
    begun = earlier.updated;
  }
  return Date.parse(begun);
}
