import type { SeenRevision } from '../change/install-plan.ts';
import { isInterruption } from '../revisions/interruption.ts';

/**
 * When the rollout of a revision began, in milliseconds since the epoch; `history` is oldest first. Attempts right
 * before it that were cut off count: what one of them has applied already is not made anew by the revision that follows.
 * Where nothing was deployed any more, Helm has superseded such an attempt.
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
