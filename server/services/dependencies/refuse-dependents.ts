import type { Caller } from '../../domain/access/caller.ts';
import type { Authorization } from '../access/authorization.ts';
import { onlySeen } from '../access/visible-namespaces.ts';
import { dependentsOf } from '../../domain/dependencies/dependents.ts';
import { releaseHasDependents } from '../../domain/errors/release-problems.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { CurrentReleases } from '../releases/observe/current-releases.ts';

export type RefuseDependentsDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  current: Pick<CurrentReleases, 'get'>;
  authorization: Pick<Authorization, 'visibleTo'>;
  /** False: nothing is refused, like the original Walm (decision 22: compatibility). */
  isGuarding: boolean;
};

/**
 * Refuses to delete releases that others depend on, except if those are deleted too, or among `changed`: then they will not
 * depend on them any more.
 * @throws ProblemError RELEASE_HAS_DEPENDENTS naming the dependents that the caller may list, and counting the others
 */
export type RefuseDependents = (
  toDelete: readonly ReleaseKey[],
  caller: Caller | null,
  changed?: readonly ReleaseKey[],
) => Promise<void>;

export function createRefuseDependents({
  cache,
  current,
  authorization,
  isGuarding,
}: RefuseDependentsDeps): RefuseDependents {
  /** The cache may show dependents that have gone: one that the cluster has is enough to refuse. */
  async function isNeeded(key: ReleaseKey, dependents: readonly ReleaseRecord[]): Promise<boolean> {
    for (const dependent of dependents) {
      const record = await current.get(dependent.key);
      if (record !== undefined && dependentsOf(key, [record]).length > 0) {
        return true;
      }
    }
    return false;
  }

  return async function refuseDependents(toDelete, caller, changed = []) {
    if (!isGuarding) {
      return;
    }
    const records = await cache.list();
    for (const key of toDelete) {
      const left = dependentsOf(key, records).filter(
        (dependent) => !toDelete.includes(dependent.key) && !changed.includes(dependent.key),
      );
      if (await isNeeded(key, left)) {
        const seen = await onlySeen(authorization.visibleTo(caller), left);
        const dependents = seen.map((dependent) => dependent.key);
        const hidden = left.length - seen.length;
        const { namespace, name } = parseReleaseKey(key);
        throw releaseHasDependents(namespace, name, { named: dependents, hidden });
      }
    }
  };
}
