import { parseReleaseKey, releaseKey, type ReleaseKey } from '../names/release-key.ts';
import { isReleaseName } from '../names/release-name.ts';
import type { KubeMetadata } from '../kube/kube-object.ts';

/**
 * What is known of a Helm record without its payload: `status` is Helm's, `uid` tells a new record from an old one,
 * `resourceVersion` one that was edited from what it was before.
 */
export type RecordMark = { revision: number; status: string; uid: string; resourceVersion: string };

/** Whether the newest record is one of a release: uninstalled with its history kept it is not (decision 5). */
export function isReleaseMark(mark: RecordMark | undefined): mark is RecordMark {
  return mark !== undefined && mark.status !== 'uninstalled';
}

/** Names exactly what a record holds: another text once it was written again, by whomever. */
export function recordId({ revision, uid, resourceVersion }: RecordMark): string {
  return `${revision} ${uid} ${resourceVersion}`;
}

/** Helm's records in memory, by release and revision. */
export type HelmRecordIndex = {
  /** Takes a record in by its place; answers its release, or undefined when it is not called as Helm calls its records. */
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

/** What Helm calls the Secret of a revision. */
const SECRET_NAME = /^sh\.helm\.release\.v1\.(.+)\.v([1-9]\d{0,8})$/;

/**
 * Release and revision of a record: where its Secret lies and how that is called, and nothing that somebody wrote into
 * it. Labels that speak of another release, and a payload that does, make it unreadable; they never make it the record
 * of another. Where no release can be called so nobody could ask for it: that is no record.
 */
function placeOfRecord({
  namespace = '',
  name,
}: Pick<KubeMetadata, 'namespace' | 'name'>): { key: ReleaseKey; revision: number } | undefined {
  const [, release, revision] = SECRET_NAME.exec(name) ?? [];
  return release !== undefined && isReleaseName(release)
    ? { key: releaseKey(namespace, release), revision: Number(revision) }
    : undefined;
}

/** The records of one release; the newest is known without looking at all of them. */
type Revisions = { marks: Map<number, RecordMark>; newest: number };

/** An empty index of records. In the namespace `reserved` there are no releases, whatever lies there. */
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
      known.marks.set(revision, { revision, status: labels?.['status'] ?? 'unknown', uid, resourceVersion });
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
