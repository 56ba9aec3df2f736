import type { DependencyStatus } from '../../../contract/schemas/dependency.ts';
import {
  dependencyEntries,
  type DependencyEntry,
  dependencyStatus,
} from '../../domain/dependencies/dependency-status.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { Denial } from '../automation/judge-automation.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { mapBounded } from '../../ports/runtime/map-bounded.ts';
import { createYieldTurn } from '../jobs/cooperative-yield.ts';
import type { Provider } from './read-provider.ts';

export type DescribeDependenciesDeps = {
  readProvider: (key: ReleaseKey) => Promise<Pick<Provider, 'digests'> | null>;
  /** Why a release has not been updated. */
  whyNotCurrent: (key: ReleaseKey) => string | undefined;
  /** Why Walm may not update it automatically; null if it may. */
  denied: (record: ReleaseRecord) => Promise<Denial | null>;
  clock: Pick<Clock, 'now'>;
};

const NOT_ALLOWED: ReadonlySet<string> = new Set(['FORBIDDEN', 'RELEASE_NOT_SEALED']);

/** What is read for one release: each provider once, however many dependencies name it. */
type Reads = { provider: DescribeDependenciesDeps['readProvider']; denial: () => Promise<Denial | null> };

/**
 * Reports for every dependency of a release whether the release has the present outputs of the provider, and if not,
 * why.
 */
export type DescribeDependencies = (record: ReleaseRecord, shared?: ReadProviders) => Promise<DependencyStatus[]>;

/** The providers that were read for one answer: each once, however many releases depend on it. */
export type ReadProviders = Map<ReleaseKey, () => ReturnType<DescribeDependenciesDeps['readProvider']>>;

/** Of this many dependencies the provider is read at once. */
const AT_ONCE = 16;

export function createDescribeDependencies(deps: DescribeDependenciesDeps): DescribeDependencies {
  /** A provider that cannot be read now must not prevent the release from being shown. */
  async function describe(record: ReleaseRecord, entry: DependencyEntry, reads: Reads): Promise<DependencyStatus> {
    try {
      const provider = await reads.provider(entry.provider);
      const status = dependencyStatus(entry, provider?.digests ?? null, record.updated);
      if (status.state !== 'Outdated') {
        return status;
      }
      const denial = await reads.denial();
      const error = denial?.reason ?? deps.whyNotCurrent(record.key);
      return { ...status, ...(denial && { state: 'NotAllowed' }), ...(error !== undefined && { error }) };
    } catch (error) {
      if (!(error instanceof ProblemError)) {
        throw error;
      }
      const state = NOT_ALLOWED.has(error.code) ? 'NotAllowed' : 'Unknown';
      return { ...dependencyStatus(entry, null, record.updated), state, error: error.message };
    }
  }

  return function describeDependencies(record, shared = new Map()) {
    const reads = readsOf(record, shared);
    const yieldTurn = createYieldTurn(deps.clock);
    return mapBounded(dependencyEntries(record), AT_ONCE, async (entry) => {
      await yieldTurn();
      return describe(record, entry, reads);
    });
  };

  function readsOf(record: ReleaseRecord, providers: ReadProviders): Reads {
    const denial = once(() => deps.denied(record));
    return {
      denial,
      provider(key) {
        const known = providers.get(key) ?? once(() => deps.readProvider(key));
        providers.set(key, known);
        return known();
      },
    };
  }
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => (reading ??= read());
}
