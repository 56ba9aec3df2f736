import type { ClusterView } from '../../domain/kube/cluster-view.ts';
import { publishedOutputs } from '../../domain/answers/published-outputs.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { FindDeployed } from '../releases/observe/find-deployed.ts';
import type { Provider, ReadProvider } from './read-provider.ts';

export type RememberProvidersDeps = {
  findDeployed: FindDeployed;
  live: Pick<ClusterView, 'get'>;
  readProvider: ReadProvider;
  clock: Pick<Clock, 'now'>;
};

/** A secret output may change without a new revision: it is read again after this time. */
const REMEMBERED_MS = 60_000;

/** What a release provides, by digests only; null if it has no deployed revision. */
export type ReadDigests = (key: ReleaseKey) => Promise<Pick<Provider, 'digests'> | null>;

/**
 * Reads what releases provide for lists: the same revision with the same outputs is read once in a minute, because
 * secret outputs take a read of Helm's record. No output is kept, only its digest.
 */
export function createRememberProviders({
  findDeployed,
  live,
  readProvider,
  clock,
}: RememberProvidersDeps): ReadDigests {
  const known = new WeakMap<ReleaseRecord, { shown: string; at: number; digests: ReturnType<ReadDigests> }>();
  return async function rememberedProvider(key) {
    const record = await findDeployed(key);
    if (record === null) {
      return null;
    }
    const shown = JSON.stringify(publishedOutputs(record, live).values);
    const before = known.get(record);
    if (before?.shown === shown && clock.now() - before.at < REMEMBERED_MS) {
      return before.digests;
    }
    const digests = readProvider(key).then((provider) => provider && { digests: provider.digests });
    known.set(record, { shown, at: clock.now(), digests });
    try {
      return await digests;
    } catch (error) {
      // What could not be read now may be readable in a moment.
      known.delete(record);
      throw error;
    }
  };
}
