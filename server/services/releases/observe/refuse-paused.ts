import { releasePaused } from '../../../domain/errors/release-problems.ts';
import type { ManagedRevision } from '../../../domain/request/recorded-request.ts';
import { isPausedRevision } from '../../../domain/release/release-record.ts';
import type { HelmRelease } from '../../../ports/helm/helm-release.ts';

/**
 * Refuses to detach a paused release, because plain Helm cannot recover it.
 * @throws ProblemError RELEASE_PAUSED
 */
export function refusePaused(current: HelmRelease, written: ManagedRevision | null): void {
  const { namespace, name } = current;
  if (written !== null && isPausedRevision(current, written.facts)) {
    throw releasePaused(namespace, name, 'detach');
  }
}
