import { isInterruption } from '../revisions/interruption.ts';
import { isDeployed } from '../revisions/helm-status.ts';
import { type SeenRevision, walkBack } from '../revisions/history.ts';

/**
 * When the rollout of a revision started, in milliseconds since the epoch; `history` is oldest first. Interrupted
 * attempts right before it count, because the revision does not repeat what one of them has already applied. If nothing
 * was deployed any more, Helm has marked such an attempt as superseded.
 */
export function rolloutBegan(history: readonly SeenRevision[], own: SeenRevision): number {
  const { revision } = own;
  const end = (one: SeenRevision) => isDeployed(one.status) || !isInterruption(one.description);
  const first = walkBack(history, { below: revision, end }).at(-1);
  return Date.parse((first ?? own).updated);
}
