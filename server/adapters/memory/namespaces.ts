import type { Namespaces } from '../../ports/cluster/namespaces.ts';

/** Namespaces in memory: those that a test names, and those that were created; all are empty. */
export function createMemoryNamespaces(existing: readonly string[]): Namespaces & { names(): string[] } {
  const madeFor = new Map<string, string | undefined>(existing.map((name) => [name, undefined]));
  return {
    names: () => [...madeFor.keys()],
    exists: (name) => Promise.resolve(madeFor.has(name)),
    create(name, taskId) {
      if (!madeFor.has(name)) {
        madeFor.set(name, taskId);
      }
      return Promise.resolve();
    },
    removeIfUnused: (name, taskId) => Promise.resolve(madeFor.get(name) === taskId && madeFor.delete(name)),
  };
}
