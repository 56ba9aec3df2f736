import { createHelmRecordIndex } from '../../../domain/indexes/helm-record-index.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import type { HelmRecords } from '../../../ports/helm/helm-records.ts';
import type { WatchState } from '../../../ports/cluster/watch-state.ts';
import type { ObjectWatchDeps } from '../watch/object-watch.ts';
import { createScopedWatch, type WatchScope } from '../watch/scoped-watch.ts';
import { RECORD_SECRET_TYPE } from '../../../domain/names/helm-record-name.ts';

/** Covers events that a watch may have missed. */
const RELIST_MS = 5 * 60_000;

/** Helm's records, and the watch that updates them. */
export type KubeHelmRecords = HelmRecords & {
  /** Watches until the signal is aborted; never rejects. */
  run(signal: AbortSignal): Promise<void>;
  watch(): WatchState;
};

/** `scope` is the list of namespaces to watch; `reserved` contains no releases. */
export type HelmRecordsDeps = ObjectWatchDeps & {
  scope: WatchScope;
  reserved?: string;
  onError?: (error: unknown) => void;
};

/** Watches the Secrets in which Helm stores its records. Their data is never transferred. */
export function createHelmRecords(deps: HelmRecordsDeps): KubeHelmRecords {
  const index = createHelmRecordIndex(deps.reserved);
  const listeners = new Set<(key: ReleaseKey) => void>();

  function tell(key: ReleaseKey | undefined): void {
    if (key !== undefined) {
      listeners.forEach((listener) => listener(key));
    }
  }

  const watch = createScopedWatch(
    deps,
    deps.scope,
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: { group: '', version: 'v1', plural: 'secrets' },
      fieldSelector: `type=${RECORD_SECRET_TYPE}`,
      metadataOnly: true,
      relistMs: RELIST_MS,
    },
    {
      onReplace: (all, namespace) =>
        index
          .replace(
            all.map(({ metadata }) => metadata),
            namespace,
          )
          .forEach(tell),
      onEvent: (type, { metadata }) => tell(type === 'DELETED' ? index.remove(metadata) : index.put(metadata)),
      ...(deps.onError && { onError: deps.onError }),
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
