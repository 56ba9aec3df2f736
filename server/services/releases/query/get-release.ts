import type { DependencyStatus } from '../../../../contract/schemas/dependency.ts';
import type { ReleaseInfo } from '../../../../contract/schemas/release.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { releaseNotFound } from '../../../domain/errors/release-problems.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { describeRelease } from '../../../domain/answers/release-info.ts';
import { releaseKey } from '../../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import type { FindSeenObjects } from '../../access/seen-objects.ts';

export type GetReleaseDeps = {
  cache: Pick<ReleaseCache, 'get'>;
  live: ClusterView;
  tasks: Pick<TaskStore, 'tasksOf'>;
  clock: Pick<Clock, 'now'>;
  /** Whether the known state may be incomplete or outdated. */
  isStale: () => boolean;
  findSeen: FindSeenObjects;
  describeDependencies: (record: ReleaseRecord) => Promise<DependencyStatus[]>;
  /** Which automatic changes of the release are denied. */
  notAllowed: (record: ReleaseRecord) => NonNullable<ReleaseInfo['notAllowed']>;
};

/**
 * Returns one release. Throws RELEASE_NOT_FOUND if it neither exists nor is being installed, and NOT_READY if that is
 * not known yet.
 */
export type GetRelease = (namespace: string, release: string, caller: Caller | null) => Promise<ReleaseInfo>;

export function createGetRelease({
  cache,
  live,
  tasks,
  clock,
  isStale,
  findSeen,
  describeDependencies,
  notAllowed,
}: GetReleaseDeps): GetRelease {
  return async function getRelease(namespace, release, caller) {
    const key = releaseKey(namespace, release);
    const record = await cache.get(key);
    const seen = record && (await findSeen(caller, [record]));
    const info = describeRelease(record, live, tasks.tasksOf(key), clock.now(), seen);
    const stale = isStale();
    if (info === null) {
      const object = { kind: 'Release', namespace, name: release };
      if (stale) {
        const text = `whether there is a release ${release} is not known: the view of the cluster is not complete`;
        throw problem('NOT_READY', text, { parts: [] }, object);
      }
      throw releaseNotFound(namespace, release);
    }
    const denied = record === undefined ? [] : notAllowed(record);
    const shown = { ...info, ...(denied.length > 0 && { notAllowed: denied }), ...(stale && { stale }) };
    const depends = record !== undefined && Object.keys(info.dependencies ?? {}).length > 0;
    return depends ? { ...shown, dependencyStatus: await describeDependencies(record) } : shown;
  };
}
