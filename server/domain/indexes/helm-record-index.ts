import { parseReleaseKey, releaseKey, type ReleaseKey } from '../names/release-key.ts';
import { type HelmStatus, isUninstalled, toHelmStatus } from '../revisions/helm-status.ts';
import type { KubeMetadata } from '../kube/kube-object.ts';
import { readRecordName } from '../names/helm-record-name.ts';

/**
 * A Helm record without its payload: `status` is Helm's, `uid` distinguishes a new record from an old one,
 * `resourceVersion` an edited one from its former state.
 */
export type RecordMark = { revision: number; status: HelmStatus; uid: string; resourceVersion: string };

/**
 * Whether the newest record means that the release exists: a release uninstalled with its history kept does not
 * (decision 5: changes made outside Walm).
 */
export function isReleaseMark(mark: RecordMark | undefined): mark is RecordMark {
  return mark !== undefined && !isUninstalled(mark.status);
}

/** Identifies the exact content of a record: it changes with every write, by any client. */
export function recordId({ revision, uid, resourceVersion }: RecordMark): string {
  return `${revision} ${uid} ${resourceVersion}`;
}

/** Helm's records in memory, by release and revision. */
export type HelmRecordIndex = {
  /** Adds a record by its place; returns its release, or undefined if it is not named like a Helm record. */
  put(metadata: KubeMetadata): ReleaseKey | undefined;
  /** Removes a record; returns its release. */
  remove(metadata: KubeMetadata): ReleaseKey | undefined;
  /** Makes `all` the only records, of `namespace` if given; returns every release that has or had one there. */
  replace(all: readonly KubeMetadata[], namespace?: string): ReleaseKey[];
  latest(key: ReleaseKey): RecordMark | undefined;
  /** Oldest first. */
  revisions(key: ReleaseKey): RecordMark[];
  keys(): ReleaseKey[];
};

/**
 * Release and revision of a record, derived only from the namespace and name of its Secret, never from its contents.
 * Labels or a payload that name another release make it unreadable; they never make it a record of that release. A
 * Secret whose name is not a possible release name is not a record.
 */
function placeOfRecord({
  namespace = '',
  name,
}: Pick<KubeMetadata, 'namespace' | 'name'>): { key: ReleaseKey; revision: number } | undefined {
  const named = readRecordName(name);
  return named && { key: releaseKey(namespace, named.release), revision: named.revision };
}

/** The records of one release; the newest is known without scanning all of them. */
type Revisions = { marks: Map<number, RecordMark>; newest: number };

/** An empty index of records. The namespace `reserved` contains no releases, whatever Secrets it has. */
export function createHelmRecordIndex(reserved?: string): HelmRecordIndex {
  const releases = new Map<ReleaseKey, Revisions>();

  function placeOf(metadata: KubeMetadata): ReturnType<typeof placeOfRecord> {
    return reserved !== undefined && metadata.namespace === reserved ? undefined : placeOfRecord(metadata);
  }

  function put(metadata: KubeMetadata): ReleaseKey | undefined {
    const place = placeOf(metadata);
    if (place !== undefined) {
      const { key, revision } = place;
      const { uid = '', resourceVersion = '', labels } = metadata;
      const known = releases.get(key) ?? { marks: new Map<number, RecordMark>(), newest: 0 };
      known.marks.set(revision, { revision, status: toHelmStatus(labels?.['status']), uid, resourceVersion });
      known.newest = Math.max(known.newest, revision);
      releases.set(key, known);
    }
    return place?.key;
  }

  return {
    put,
    remove(metadata) {
      const place = placeOf(metadata);
      const known = place === undefined ? undefined : releases.get(place.key);
      if (place !== undefined && known?.marks.delete(place.revision) === true) {
        if (known.marks.size === 0) {
          releases.delete(place.key);
        } else if (known.newest === place.revision) {
          known.newest = [...known.marks.keys()].reduce((max, revision) => Math.max(max, revision), 0);
        }
      }
      return place?.key;
    },
    replace(all, namespace) {
      const isThere = (key: ReleaseKey) => namespace === undefined || parseReleaseKey(key).namespace === namespace;
      const before = [...releases.keys()].filter(isThere);
      before.forEach((key) => releases.delete(key));
      all.forEach(put);
      return [...new Set([...before, ...[...releases.keys()].filter(isThere)])];
    },
    latest(key) {
      const known = releases.get(key);
      return known?.marks.get(known.newest);
    },
    revisions: (key) => [...(releases.get(key)?.marks.values() ?? [])].sort((a, b) => a.revision - b.revision),
    keys: () => [...releases.keys()],
  };
}
