import { dependentsOf } from '../../domain/dependents.ts';
import { problem } from '../../domain/problem-error.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/release-key.ts';
import type { ReleaseCache } from '../../ports/release-cache.ts';

export type RefuseDependentsDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  /** False: nothing is refused, as the original Walm deleted whatever it was told to (decision 22). */
  isGuarding: boolean;
};

/**
 * Refuses to take releases away on which others depend, except those that go with them.
 * @throws ProblemError RELEASE_HAS_DEPENDENTS naming them
 */
export function createRefuseDependents({ cache, isGuarding }: RefuseDependentsDeps) {
  return async (doomed: readonly ReleaseKey[]): Promise<void> => {
    if (!isGuarding) {
      return;
    }
    const records = await cache.list();
    for (const key of doomed) {
      const left = dependentsOf(key, records).filter((dependent) => !doomed.includes(dependent.key));
      if (left.length > 0) {
        const dependents = left.map((dependent) => dependent.key);
        throw problem(
          'RELEASE_HAS_DEPENDENTS',
          `${dependents.length === 1 ? 'the release' : 'the releases'} ${dependents.join(', ')} ` +
            `${dependents.length === 1 ? 'depends' : 'depend'} on ${key}; force=true deletes it nevertheless`,
          { dependents },
          { kind: 'Release', ...parseReleaseKey(key) },
        );
      }
    }
  };
}
