import { createHelmRecordIndex } from '../../domain/helm-record-index.ts';
import type { ReleaseKey } from '../../domain/release-key.ts';
import type { HelmRecords } from '../../ports/helm-records.ts';
import type { WatchState } from '../../ports/watch-state.ts';
import { createObjectWatch, type ObjectWatchDeps } from './object-watch.ts';

/** Catches what a watch may have missed without anybody noticing. */
const RELIST_MS = 5 * 60_000;

/** Helm's records, and what keeps them true. */
export type KubeHelmRecords = HelmRecords & {
  /** Watches until the signal is aborted; never rejects. */
  run(signal: AbortSignal): Promise<void>;
  watch(): WatchState;
};

/** Watches the Secrets in which Helm keeps its records, of all namespaces. Their data never crosses the wire. */
export function createHelmRecords(deps: ObjectWatchDeps & { onTrouble?: (error: unknown) => void }): KubeHelmRecords {
  const index = createHelmRecordIndex();
  const listeners = new Set<(key: ReleaseKey) => void>();

  function tell(key: ReleaseKey | undefined): void {
    if (key !== undefined) {
      listeners.forEach((listener) => listener(key));
    }
  }

  const watch = createObjectWatch(
    deps,
    {
      apiVersion: 'v1',
      kind: 'Secret',
      path: '/api/v1/secrets',
      labelSelector: 'owner=helm',
      fieldSelector: 'type=helm.sh/release.v1',
      metadataOnly: true,
      relistMs: RELIST_MS,
    },
    {
      onReplace: (all) => index.replace(all.map(({ metadata }) => metadata)).forEach(tell),
      onEvent: (type, { metadata }) => tell(type === 'DELETED' ? index.remove(metadata) : index.put(metadata)),
      ...(deps.onTrouble && { onTrouble: deps.onTrouble }),
    },
  );
  return {
    latest: (key) => index.latest(key),
    revisions: (key) => index.revisions(key),
    keys: () => index.keys(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    synced: watch.synced,
    watch: () => ({ ...watch.state(), kind: 'Helm record' }),
    run: (signal) => watch.run(signal),
  };
}
