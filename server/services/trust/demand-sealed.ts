import { problem } from '../../domain/problem-error.ts';
import type { Task } from '../../domain/task.ts';
import type { HelmRelease } from '../../ports/helm-release.ts';

/**
 * Refuses that a task which Walm began by itself goes by a revision that Walm did not write as it is: what was read
 * before may have been edited since. @throws ProblemError RELEASE_NOT_SEALED
 */
export function demandSealed(
  { automatic }: Pick<Task, 'automatic'>,
  { namespace, name, revision, seal }: Pick<HelmRelease, 'namespace' | 'name' | 'revision' | 'seal'>,
): void {
  if (automatic === true && !seal.sealed) {
    throw problem(
      'RELEASE_NOT_SEALED',
      `Walm does nothing by itself with revision ${revision} of release ${namespace}/${name}: ${seal.reason}; adopt or ` +
        'upgrade the release',
      { revision, reason: seal.reason },
      { kind: 'Release', namespace, name },
    );
  }
}
