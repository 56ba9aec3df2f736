import type { SeenRevision } from '../change/install-plan.ts';
import type { RewriteCause } from '../change/rewritten-config.ts';

const DETACHED: RewriteCause = 'detached';

/**
 * Revisions in which Walm's facts about a release may be found, newest first: what was before it was uninstalled with
 * its history kept, or detached from Walm (decision 11), says nothing of what it is now.
 */
export function currentLifetime<Revision extends Pick<SeenRevision, 'status' | 'description'>>(
  history: readonly Revision[],
): Revision[] {
  const end = history.findLastIndex(endsLifetime);
  return history.slice(end + 1).toReversed();
}

/** Whether what was before a revision says nothing of what comes after it. */
export function endsLifetime({ status, description }: Pick<SeenRevision, 'status' | 'description'>): boolean {
  return status === 'uninstalled' || isDetached(description);
}

function isDetached(description: string): boolean {
  return description === DETACHED || description.startsWith(`${DETACHED} by `);
}
