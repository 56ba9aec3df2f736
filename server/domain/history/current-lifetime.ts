import type { SeenRevision } from '../change/install-plan.ts';
import type { RewriteCause } from '../change/rewritten-config.ts';

const DETACHED: RewriteCause = 'detached';

/**
 * Revisions that may contain Walm's facts about a release, newest first: revisions before the release was uninstalled
 * with its history kept, or detached from Walm (decision 11: detach), do not count.
 */
export function currentLifetime<Revision extends Pick<SeenRevision, 'status' | 'description'>>(
  history: readonly Revision[],
): Revision[] {
  const end = history.findLastIndex(endsLifetime);
  return history.slice(end + 1).toReversed();
}

/** Whether revisions before this one are irrelevant for those after it. */
export function endsLifetime({ status, description }: Pick<SeenRevision, 'status' | 'description'>): boolean {
  return status === 'uninstalled' || isDetached(description);
}

function isDetached(description: string): boolean {
  return description === DETACHED || description.startsWith(`${DETACHED} by `);
}
