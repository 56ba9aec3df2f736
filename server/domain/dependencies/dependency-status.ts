import type { DependencyStatus } from '../../../contract/schemas/dependency.ts';
import type { InjectedDependency } from '../release/release-config.ts';
import { providerKey } from './release-dependencies.ts';
import type { ReleaseKey } from '../names/release-key.ts';
import type { ReleaseRecord } from '../release/release-record.ts';

/** One dependency of a release, and what was injected for it so far. */
export type DependencyEntry = { key: string; provider: ReleaseKey; injected: InjectedDependency | undefined };

/** As many as a request may name; a record with more was not written by Walm. */
const MAX_ENTRIES = 1_000;

/** The dependencies of a release, at most 1,000; invalid entries are left out. */
export function dependencyEntries({ namespace, facts }: ReleaseRecord): DependencyEntry[] {
  // A record may have thousands of both.
  const given = new Map<string, InjectedDependency>();
  for (const one of (facts?.injected ?? []).toReversed()) {
    given.set(`${one.key}\n${one.provider}`, one);
  }
  return Object.entries(facts?.dependencies ?? {})
    .slice(0, MAX_ENTRIES)
    .flatMap(([key, text]) => {
      const parts = text.split('/');
      if (parts.length > 2 || parts.includes('')) {
        return [];
      }
      const provider = providerKey(text, namespace);
      return [{ key, provider, injected: given.get(`${key}\n${provider}`) }];
    });
}

/**
 * The state of a dependency. `published` are digests by output name of the provider's present outputs, null if there is
 * no such release; `updated` is when the dependent's revision was written (RFC 3339).
 */
export function dependencyStatus(
  { key, provider, injected }: DependencyEntry,
  published: Readonly<Record<string, string>> | null,
  updated: string,
): DependencyStatus {
  return {
    key,
    provider,
    state: stateOf(injected, published),
    keys: Object.keys(injected?.outputs ?? {}).toSorted(),
    revision: injected?.revision ?? 0,
    ...(injected !== undefined && { lastPropagation: updated }),
  };
}

/** Names of the outputs that were added, changed or removed since they were injected, sorted. */
export function changedOutputs(
  injected: InjectedDependency | undefined,
  published: Readonly<Record<string, string>>,
): string[] {
  const before = injected?.outputs ?? {};
  const names = new Set([...Object.keys(before), ...Object.keys(published)]);
  return [...names].filter((name) => before[name] !== published[name]).toSorted();
}

function stateOf(
  injected: InjectedDependency | undefined,
  published: Readonly<Record<string, string>> | null,
): DependencyStatus['state'] {
  if (published === null) {
    return injected === undefined ? 'ProviderMissing' : 'ProviderGone';
  }
  if (injected === undefined && Object.keys(published).length === 0) {
    return 'NothingPublished';
  }
  return changedOutputs(injected, published).length === 0 ? 'Current' : 'Outdated';
}
