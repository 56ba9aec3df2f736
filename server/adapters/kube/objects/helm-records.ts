import { createHelmRecordIndex, type RecordMark } from '../../../domain/indexes/helm-record-index.ts';
import { parseReleaseKey, type ReleaseKey } from '../../../domain/names/release-key.ts';
import type { HelmRecords } from '../../../ports/helm/helm-records.ts';
import type { WatchState } from '../../../ports/cluster/watch-state.ts';
import { listPages } from '../client/list-pages.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';
import type { ObjectWatchDeps } from '../watch/object-watch.ts';
import { createScopedWatch, type WatchScope } from '../watch/scoped-watch.ts';
import { readRecordName, RECORD_SECRET_TYPE, recordName } from '../../../domain/names/helm-record-name.ts';

/** Covers events that a watch may have missed. */
const RELIST_MS = 5 * 60_000;
const SECRETS = { group: '', version: 'v1', plural: 'secrets' };
const OF_RECORDS = { fieldSelector: `type=${RECORD_SECRET_TYPE}`, metadataOnly: true };
/** Records of one request: their labels and annotations are transferred. */
const PAGE = 500;

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
      type: SECRETS,
      ...OF_RECORDS,
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

  async function read(namespace: string, release?: string): Promise<Map<ReleaseKey, RecordMark[]>> {
    const found = createHelmRecordIndex(deps.reserved);
    const labelSelector = release === undefined ? {} : { labelSelector: `owner=helm,name=${release}` };
    const query = { ...OF_RECORDS, ...labelSelector, limit: PAGE };
    // What is not watched is not known either, and not every text can be a release.
    const isWatched = deps.scope.length === 0 || deps.scope.includes(namespace);
    if (isWatched && (release === undefined || readRecordName(recordName(release, 1)) !== undefined)) {
      for await (const page of listPages(deps.kube, resourcePath(SECRETS, namespace), query)) {
        page.forEach(({ metadata }) => found.put(metadata));
      }
    }
    const wanted = found.keys().filter((key) => release === undefined || parseReleaseKey(key).name === release);
    return new Map(wanted.map((key) => [key, found.revisions(key)]));
  }

  return {
    latest: (key) => index.latest(key),
    revisions: (key) => index.revisions(key),
    keys: () => index.keys(),
    async read(namespace, release) {
      try {
        return await read(namespace, release);
      } catch (error) {
        throw problemOf(error, { kind: 'Secret', namespace, name: '' });
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    synced: watch.synced,
    watch: () => ({ ...watch.state(), kind: 'Helm record' }),
    run: (signal) => watch.run(signal),
  };
}
