import { dependencyEntries } from '../../domain/dependencies/dependency-status.ts';
import { liveReadiness } from '../../domain/answers/live-readiness.ts';
import type { PropagationInput, ProviderState } from '../../domain/dependencies/propagation-plan.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
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

export function createPropagationInputs(deps: PropagationInputsDeps): PropagationInputs {
  const { cache, live, readProvider, clock, isBusy } = deps;

  /**
   * A release has settled once it has no task, its own providers have settled, and their present outputs are injected.
   */
  async function isUnsettled(key: ReleaseKey, seen: Set<ReleaseKey>): Promise<boolean> {
    if (isBusy(key)) {
      return true;
    }
    const record = await cache.get(key);
    if (record === undefined || seen.has(key) || record.paused || record.outside !== null || deps.isFailing(key)) {
      return false;
    }
    seen.add(key);
    for (const entry of dependencyEntries(record)) {
      const provider = await readProvider(entry.provider);
      const outdated = provider !== null && entry.injected?.digest !== provider.digest && hasOutputs(provider, entry);
      if (outdated || (await isUnsettled(entry.provider, seen))) {
        return true;
      }
    }
    return false;
  }

  async function stateOf(key: ReleaseKey, dependent: ReleaseKey): Promise<ProviderState> {
    const provider = await readProvider(key);
    if (provider === null) {
      return { digests: null, unsettled: false, unready: null };
    }
    const { ready, message } = liveReadiness(provider.record, live, clock.now());
    return {
      digests: provider.digests,
      unsettled: await isUnsettled(key, new Set([dependent])),
      unready: ready || !deps.isPatient(dependent) ? null : message,
    };
  }

  /** The record describes the applied revision: what a failed revision would have injected does not count. */
  return async function propagationInputs(record) {
    const providers = [];
    const busy = isBusy(record.key);
    const states = new Map<ReleaseKey, ProviderState>();
    for (const entry of busy ? [] : dependencyEntries(record)) {
      // Several dependencies may name the same release.
      const state = states.get(entry.provider) ?? (await stateOf(entry.provider, record.key));
      states.set(entry.provider, state);
      providers.push({ entry, state });
    }
    return { namespace: record.namespace, busy, paused: record.paused, outside: record.outside !== null, providers };
  };
}

/** Whether there is anything to inject, or to remove. */
function hasOutputs(provider: Provider, { injected }: { injected: unknown }): boolean {
  return injected !== undefined || Object.keys(provider.outputs).length > 0;
}
