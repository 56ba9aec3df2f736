import type { RewriteCause } from '../change/rewritten-config.ts';
import { isUninstalled } from '../revisions/helm-status.ts';
import { type SeenRevision, walkBack } from '../revisions/history.ts';

const DETACHED: RewriteCause = 'detached';

/**
 * Revisions that may contain Walm's facts about a release, newest first: revisions before the release was uninstalled
 * with its history kept, or detached from Walm (decision 11: detach), do not count.
 */
export function currentLifetime<Revision extends Omit<SeenRevision, 'updated'>>(
  history: readonly Revision[],
): Revision[] {
  return walkBack(history, { end: endsLifetime });
}

/** Whether revisions before this one are irrelevant for those after it. */
export function endsLifetime({ status, description }: Pick<SeenRevision, 'status' | 'description'>): boolean {
  return isUninstalled(status) || isDetached(description);
}

function isDetached(description: string): boolean {
  return description === DETACHED || description.startsWith(`${DETACHED} by `);
}
