import type { DependencyStatus } from '../../../contract/dependency.ts';
import type { ReleaseInfo } from '../../../contract/release.ts';
import type { ClusterView } from '../../domain/cluster-view.ts';
import { problem } from '../../domain/problem-error.ts';
import { describeRelease } from '../../domain/release-info.ts';
import { releaseKey } from '../../domain/release-key.ts';
import type { ReleaseRecord } from '../../domain/release-record.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReleaseCache } from '../../ports/release-cache.ts';
import type { TaskStore } from '../../ports/task-store.ts';

export type GetReleaseDeps = {
  cache: Pick<ReleaseCache, 'get'>;
  live: ClusterView;
  tasks: Pick<TaskStore, 'latestOf'>;
  clock: Pick<Clock, 'now'>;
  describeDependencies: (record: ReleaseRecord) => Promise<DependencyStatus[]>;
};

/** Answers about one release. Throws RELEASE_NOT_FOUND when there is none and none is being made. */
export function createGetRelease({
  cache,
  live,
  tasks,
  clock,
  describeDependencies,
}: GetReleaseDeps): (namespace: string, release: string) => Promise<ReleaseInfo> {
  return async (namespace, release) => {
    const key = releaseKey(namespace, release);
    const record = await cache.get(key);
    const info = describeRelease(record, live, tasks.latestOf(key), clock.now());
    if (info === null) {
      const object = { kind: 'Release', namespace, name: release };
      throw problem('RELEASE_NOT_FOUND', `release ${release} is not found`, undefined, object);
    }
    const depends = record !== undefined && Object.keys(info.dependencies ?? {}).length > 0;
    return depends ? { ...info, dependencyStatus: await describeDependencies(record) } : info;
  };
}
