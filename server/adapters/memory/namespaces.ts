import { problem } from '../../domain/errors/problem-error.ts';
import type { Namespaces } from '../../ports/cluster/namespaces.ts';

/** Namespaces in memory, and what a test does to them. */
export type MemoryNamespaces = Namespaces & {
  /** From now on the namespace contains an object of a user. */
  fill(name: string): void;
  /** From now on the namespace is being deleted. */
  terminate(name: string): void;
};

/** The namespaces named by a test, and those created later; all are empty at first. */
export function createMemoryNamespaces(existing: readonly string[]): MemoryNamespaces {
  const madeFor = new Map<string, string | undefined>(existing.map((name) => [name, undefined]));
  const filled = new Set<string>();
  const terminating = new Set<string>();
  return {
    names: () => Promise.resolve([...madeFor.keys()].filter((name) => !terminating.has(name)).toSorted()),
    fill: (name) => void filled.add(name),
    terminate: (name) => void terminating.add(name),
    async exists(name) {
      if (terminating.has(name)) {
        throw problem('NAMESPACE_TERMINATING', `namespace ${name} is being deleted`);
      }
      return madeFor.has(name);
    },
    create(name, taskId) {
      if (!madeFor.has(name)) {
        madeFor.set(name, taskId);
      }
      return Promise.resolve();
    },
    removeIfUnused: (name, taskId) =>
      Promise.resolve(madeFor.get(name) === taskId && !filled.has(name) && madeFor.delete(name)),
  };
}
