import type { DependencyStatus } from '../../../../contract/schemas/dependency.ts';
import type { ReleaseInfo, ReleaseName } from '../../../../contract/schemas/release.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { releaseNotFound } from '../../../domain/errors/release-problems.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import { summarizeRelease } from '../../../domain/answers/release-summary.ts';
import { describeAmongOthers, describeRelease, LISTED_OBJECTS } from '../../../domain/answers/release-info.ts';
import { worstState } from '../../../domain/dependencies/worst-state.ts';
import { releaseKey } from '../../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../../domain/release/release-record.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { TaskStore } from '../../../ports/storage/task-store.ts';
import type { WhenLong } from '../../jobs/long-answer.ts';
import type { FindSeenObjects } from '../../access/seen-objects.ts';
import type { NewerVersionOf } from '../observe/complete-releases.ts';
import type { BeginRead } from '../observe/read-point.ts';

export type GetReleaseDeps = {
  cache: Pick<ReleaseCache, 'get'>;
  live: ClusterView;
  tasks: Pick<TaskStore, 'tasksOf'>;
  clock: Pick<Clock, 'now'>;
  /** Whether the known state may be incomplete or outdated. */
  isStale: () => boolean;
  findSeen: FindSeenObjects;
  beginRead: BeginRead;
  describeDependencies: (record: ReleaseRecord) => Promise<DependencyStatus[]>;
  newerVersion: NewerVersionOf;
  /** Which automatic changes of the release are denied. */
  notAllowed: (record: ReleaseRecord) => NonNullable<ReleaseInfo['notAllowed']>;
};

/**
 * Returns one release; one with very many objects once `whenLong` resolves. Throws RELEASE_NOT_FOUND if it neither
 * exists nor is being installed, and NOT_READY if that is not known yet.
 */
export type GetRelease = (
  namespace: string,
  release: string,
  caller: Caller | null,
  view?: 'full' | 'summary' | 'names',
  whenLong?: WhenLong,
) => Promise<ReleaseInfo | ReleaseName>;

export function createGetRelease({
  cache,
  live,
  tasks,
  clock,
  isStale,
  findSeen,
  beginRead,
  describeDependencies,
  newerVersion,
  notAllowed,
}: GetReleaseDeps): GetRelease {
  return async function getRelease(namespace, release, caller, view = 'full', whenLong) {
    const key = releaseKey(namespace, release);
    if (view === 'full' && ((await cache.get(key))?.objects.length ?? 0) > LISTED_OBJECTS) {
      await whenLong?.();
    }
    const point = beginRead();
    const record = await cache.get(key);
    // Only the whole release shows its objects: other views need no access reviews.
    const seen = view === 'full' ? record && (await findSeen(caller, [record])) : undefined;
    const describe = view === 'full' ? describeRelease : describeAmongOthers;
    const info = describe(record, live, tasks.tasksOf(key), clock.now(), seen);
    const stale = isStale();
    if (info === null) {
      const object = { kind: 'Release', namespace, name: release };
      if (stale) {
        const text = `whether there is a release ${release} is not known: the view of the cluster is not complete`;
        throw problem('NOT_READY', text, { parts: [] }, object);
      }
      throw releaseNotFound(namespace, release);
    }
    if (view === 'names') {
      return { namespace, name: release };
    }
    const denied = record === undefined ? [] : notAllowed(record);
    const depends = record !== undefined && Object.keys(info.dependencies ?? {}).length > 0;
    const dependencyStatus = depends ? await describeDependencies(record) : undefined;
    const dependency = worstState((dependencyStatus ?? []).map(({ state }) => state));
    const shown = {
      ...info,
      sequence: point.sequenceOf(info),
      dependency,
      newerVersion: record === undefined ? null : newerVersion(record),
      ...(denied.length > 0 && { notAllowed: denied }),
      ...(stale && { stale }),
    };
    const whole = dependencyStatus === undefined ? shown : { ...shown, dependencyStatus };
    return view === 'summary' ? summarizeRelease(whole) : whole;
  };
}
