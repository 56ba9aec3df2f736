import { parseReleaseKey, releaseKey, type ReleaseKey } from './release-key.ts';
import type { KubeMetadata } from './kube-object.ts';

/** What is known of a Helm record without its payload: `status` is Helm's, `uid` tells a new record from an old one. */
export type RecordMark = { revision: number; status: string; uid: string };

/** Whether the newest record is one of a release: uninstalled with its history kept it is not (decision 5). */
export function isReleaseMark(mark: RecordMark | undefined): mark is RecordMark {
  return mark !== undefined && mark.status !== 'uninstalled';
}

/** Helm's records in memory, by release and revision. */
export type HelmRecordIndex = {
  /** Takes a record in by its labels; answers its release, or undefined when the labels are not Helm's. */
  put(metadata: KubeMetadata): ReleaseKey | undefined;
  /** Forgets a record; answers its release. */
  remove(metadata: KubeMetadata): ReleaseKey | undefined;
  /** Makes `all` the only records, of `namespace` where it is given; answers every release that has or had one there. */
  replace(all: readonly KubeMetadata[], namespace?: string): ReleaseKey[];
  latest(key: ReleaseKey): RecordMark | undefined;
  /** Oldest first. */
  revisions(key: ReleaseKey): RecordMark[];
  keys(): ReleaseKey[];
};

/** Release and mark of a record, from the labels that Helm's storage driver writes. */
function readLabels({
  namespace = '',
  labels = {},
  uid = '',
}: KubeMetadata): { key: ReleaseKey; mark: RecordMark } | undefined {
  const { name, version, status } = labels;
  const revision = Number(version);
  return name === undefined || !Number.isInteger(revision) || revision < 1
    ? undefined
    : { key: releaseKey(namespace, name), mark: { revision, status: status ?? 'unknown', uid } };
}

/** An empty index of records. */
export function createHelmRecordIndex(): HelmRecordIndex {
  const releases = new Map<ReleaseKey, Map<number, RecordMark>>();

  function put(metadata: KubeMetadata): ReleaseKey | undefined {
    const read = readLabels(metadata);
    if (read !== undefined) {
      const marks = releases.get(read.key) ?? new Map<number, RecordMark>();
      releases.set(read.key, marks.set(read.mark.revision, read.mark));
    }
    return read?.key;
  }

  function revisions(key: ReleaseKey): RecordMark[] {
    return [...(releases.get(key)?.values() ?? [])].sort((a, b) => a.revision - b.revision);
  }

  return {
    put,
    remove(metadata) {
      const read = readLabels(metadata);
      const marks = read === undefined ? undefined : releases.get(read.key);
      marks?.delete(read?.mark.revision ?? 0);
      if (read !== undefined && marks?.size === 0) {
        releases.delete(read.key);
      }
      return read?.key;
    },
    replace(all, namespace) {
      const isThere = (key: ReleaseKey) => namespace === undefined || parseReleaseKey(key).namespace === namespace;
      const before = [...releases.keys()].filter(isThere);
      before.forEach((key) => releases.delete(key));
      all.forEach(put);
      return [...new Set([...before, ...[...releases.keys()].filter(isThere)])];
    },
    latest: (key) => revisions(key).at(-1),
    revisions,
    keys: () => [...releases.keys()],
  };
}
