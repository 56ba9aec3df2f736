import { type DependencyEntry, dependencyEntries } from '../../domain/dependencies/dependency-status.ts';
import { liveReadiness } from '../../domain/answers/live-readiness.ts';
import {
  changedEntries,
  type PropagationInput,
  type ProvidedEntry,
} from '../../domain/dependencies/propagation-plan.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import { createYieldTurn, type YieldTurn } from '../../services/jobs/cooperative-yield.ts';
import type { Provider } from '../../services/dependencies/read-provider.ts';

export type PropagationInputsDeps = {
  cache: Pick<ReleaseCache, 'get'>;
  live: LiveObjects;
  readProvider: (key: ReleaseKey) => Promise<Provider | null>;
  clock: Pick<Clock, 'now'>;
  /** The release has an unfinished task. */
  isBusy: (key: ReleaseKey) => boolean;
  /** The last attempt to inject the outputs of its providers failed. */
  isFailing: (key: ReleaseKey) => boolean;
  /** The release may still wait for its providers to become ready. */
  isPatient: (key: ReleaseKey) => boolean;
};

/** Reads a dependent and its providers, as the input of `planPropagation`. */
export type PropagationInputs = (record: ReleaseRecord) => Promise<PropagationInput>;

/**
 * Of so many dependencies further up it is found out whether they change: those of a project are fewer. Behind them
 * providers count as settled: then a release may be upgraded once more.
 */
const MAX_FOLLOWED = 10_000;

const SETTLED = { ready: true, message: '' };

/** What was read for one dependent: each provider once. */
type Looked = { provider: (key: ReleaseKey) => Promise<Provider | null>; yieldTurn: YieldTurn };

export function createPropagationInputs(deps: PropagationInputsDeps): PropagationInputs {
  const { cache, live, readProvider, clock, isBusy } = deps;

  function look(): Looked {
    const read = new Map<ReleaseKey, Provider | null>();
    return {
      yieldTurn: createYieldTurn(clock),
      async provider(key) {
        const known = read.get(key);
        const provider = known === undefined ? await readProvider(key) : known;
        read.set(key, provider);
        return provider;
      },
    };
  }

  /**
   * The first provider that has not settled. One has settled once it has no task, its own providers have settled, and
   * their present outputs are injected. Each release is looked at once: those of an earlier provider have settled.
   */
  async function firstUnsettled(
    entries: readonly DependencyEntry[],
    dependent: ReleaseKey,
    looked: Looked,
  ): Promise<DependencyEntry | null> {
    const noted = new Set([dependent]);
    let followed = 0;

    async function isUnsettled(provider: ReleaseKey): Promise<boolean> {
      const left = [provider];
      for (let key = left.pop(); key !== undefined && followed < MAX_FOLLOWED; key = left.pop()) {
        if (isBusy(key)) {
          return true;
        }
        const record = await cache.get(key);
        if (record === undefined || record.paused || record.outside !== null || deps.isFailing(key)) {
          continue;
        }
        for (const entry of dependencyEntries(record)) {
          followed += 1;
          await looked.yieldTurn();
          const above = await looked.provider(entry.provider);
          if (above !== null && entry.injected?.digest !== above.digest && hasOutputs(above, entry)) {
            return true;
          }
          if (!noted.has(entry.provider)) {
            noted.add(entry.provider);
            left.push(entry.provider);
          }
        }
      }
      return false;
    }

    for (const entry of entries) {
      if (!noted.has(entry.provider)) {
        noted.add(entry.provider);
        if (await isUnsettled(entry.provider)) {
          return entry;
        }
      }
    }
    return null;
  }

  async function unreadyAmong(
    changed: readonly { entry: DependencyEntry }[],
    { provider, yieldTurn }: Looked,
  ): Promise<Map<ReleaseKey, string>> {
    const unready = new Map<ReleaseKey, string>();
    for (const key of new Set(changed.map(({ entry }) => entry.provider))) {
      await yieldTurn();
      const found = await provider(key);
      const { ready, message } = found === null ? SETTLED : liveReadiness(found.record, live, clock.now());
      if (!ready) {
        unready.set(key, message);
      }
    }
    return unready;
  }

  /** The record describes the applied revision: what a failed revision would have injected does not count. */
  return async function propagationInputs(record) {
    const { key, namespace, paused } = record;
    const busy = isBusy(key);
    const outside = record.outside !== null;
    const entries = busy ? [] : dependencyEntries(record);
    const looked = look();
    const providers: ProvidedEntry[] = [];
    for (const entry of entries) {
      await looked.yieldTurn();
      const provider = await looked.provider(entry.provider);
      providers.push({ entry, state: { digests: provider?.digests ?? null } });
    }
    const there = providers.flatMap(({ entry, state }) => (state.digests === null ? [] : [entry]));
    const changed = paused || outside ? [] : changedEntries(providers);
    const unsettled = changed.length === 0 ? null : await firstUnsettled(there, key, looked);
    const unready =
      deps.isPatient(key) && unsettled === null ? await unreadyAmong(changed, looked) : new Map<ReleaseKey, string>();
    return { namespace, busy, paused, outside, providers, unsettled, unready };
  };
}

/** Whether there is anything to inject, or to remove. */
function hasOutputs(provider: Provider, { injected }: { injected: unknown }): boolean {
  return injected !== undefined || Object.keys(provider.outputs).length > 0;
}
