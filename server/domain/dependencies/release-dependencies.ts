import { problem } from '../errors/problem-error.ts';
import { parseReleaseKey, type ReleaseKey, releaseKey } from '../names/release-key.ts';

/** Merges the dependencies of a request into the recorded ones; an empty value removes the dependency. */
export function mergeDependencies(
  recorded: Record<string, string>,
  request: Record<string, string>,
): Record<string, string> {
  const merged = { ...recorded, ...request };
  return Object.fromEntries(Object.entries(merged).filter(([, provider]) => provider !== ''));
}

/**
 * The release that a dependency names: `release` in the dependent's own namespace, or `namespace/release`.
 * @throws ProblemError DEPENDENCY_INVALID in the original's words
 */
export function providerKey(provider: string, namespace: string): ReleaseKey {
  const parts = provider.split('/');
  if (parts.length > 2) {
    throw problem('DEPENDENCY_INVALID', `depended release ${provider} is not valid: only 1 or 0 "/" is allowed`);
  }
  if (parts.some((part) => part === '')) {
    throw problem('DEPENDENCY_INVALID', `depended release ${JSON.stringify(provider)} is not valid: a name is missing`);
  }
  return parts.length === 1 ? releaseKey(namespace, provider) : provider;
}

/**
 * The cycle that would arise if a release depended on `providers`, as the path from the release back to itself;
 * undefined if there is none. `providersOf` returns the providers of other releases.
 */
export function findCycle(
  release: ReleaseKey,
  providers: readonly ReleaseKey[],
  providersOf: (key: ReleaseKey) => readonly ReleaseKey[],
): ReleaseKey[] | undefined {
  /** The release from which each one was reached: the way back, computed only when needed. */
  const from = new Map<ReleaseKey, ReleaseKey>();
  const waiting = providers.map((key) => ({ key, by: release }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { key, by } = next;
    if (key === release) {
      return wayBack(release, by, from);
    }
    if (!from.has(key)) {
      from.set(key, by);
      for (const provider of providersOf(key)) {
        waiting.push({ key: provider, by: key });
      }
    }
  }
  return undefined;
}

/** The path from a release to `last`, and back to it. */
function wayBack(release: ReleaseKey, last: ReleaseKey, from: ReadonlyMap<ReleaseKey, ReleaseKey>): ReleaseKey[] {
  const path = [release];
  for (let key: ReleaseKey | undefined = last; key !== undefined && key !== release; key = from.get(key)) {
    path.push(key);
  }
  return [...path, release].toReversed();
}

/** The dependencies of a recorded release as keys; invalid entries are left out. */
export function recordedProviders(key: ReleaseKey, dependencies: Record<string, string>): ReleaseKey[] {
  const { namespace } = parseReleaseKey(key);
  return Object.values(dependencies).flatMap((provider) => {
    const parts = provider.split('/');
    return parts.length > 2 || parts.includes('') ? [] : [providerKey(provider, namespace)];
  });
}
