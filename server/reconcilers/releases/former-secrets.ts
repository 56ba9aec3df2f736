import { type Masker, NO_SECRETS, sameSecrets } from '../../domain/masking/masker.ts';
import type { RecordMark } from '../../domain/indexes/helm-record-index.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import { type FindSecrets, MAX_LOOKED_AT, maskerOf, viewOf } from '../../services/history/kept-secrets.ts';

export type FormerSecretsDeps = {
  /** A recorded revision; anything else where it is not there any more, or cannot be read. Rejects where it should be tried again. */
  readRevision: (key: ReleaseKey, revision: number) => Promise<HelmRelease | object | null>;
  findSecrets: FindSecrets;
};

/**
 * Knows what is secret in the revisions of releases that are kept: a later one may say as an ordinary text what was secret
 * before, and objects of an earlier one may still be there. History goes by the same ones.
 */
export type FormerSecrets = {
  /** Takes in what is secret in a revision by itself; `uid` is that of its record where it is known. */
  note(key: ReleaseKey, revision: { revision: number; uid?: string | undefined }, own: Masker): void;
  /** A masker, with what is known to be secret in the revisions of the release. */
  with(key: ReleaseKey, own: Masker): Masker;
  /** Reads the kept revisions that are not known yet; whether anything is secret in them that was not known. */
  complete(key: ReleaseKey, kept: readonly RecordMark[]): Promise<boolean>;
  forget(key: ReleaseKey): void;
};

type Known = { uid: string | undefined; masker: Masker };

/** Revisions that are read at once. */
const READ_AT_ONCE = 8;
/** The newest ones count where they are not kept any more, too: their objects may still be there. */
const ALWAYS = 2;

export function createFormerSecrets({ readRevision, findSecrets }: FormerSecretsDeps): FormerSecrets {
  const releases = new Map<ReleaseKey, Map<number, Known>>();

  const knownOf = (key: ReleaseKey) => releases.get(key) ?? new Map<number, Known>();
  const isKnown = (key: ReleaseKey, { revision, uid }: RecordMark): boolean => {
    const known = knownOf(key).get(revision);
    return known !== undefined && (known.uid === undefined || known.uid === uid);
  };

  function note(key: ReleaseKey, { revision, uid }: { revision: number; uid?: string | undefined }, own: Masker): void {
    const known = knownOf(key);
    // Mostly they are the same in all revisions, and kept once.
    const same = [...known.values()].find(({ masker }) => sameSecrets(masker, own));
    known.set(revision, { uid, masker: same?.masker ?? own });
    releases.set(key, known);
  }

  function dropGone(key: ReleaseKey, kept: readonly RecordMark[]): void {
    const known = knownOf(key);
    const always = [...known.keys()].sort((a, b) => b - a).slice(0, ALWAYS);
    const there = new Set([...always, ...kept.map(({ revision }) => revision)]);
    [...known.keys()].filter((revision) => !there.has(revision)).forEach((revision) => known.delete(revision));
  }

  return {
    note,
    with: (key, own) => own.and(...[...knownOf(key).values()].map(({ masker }) => masker)),
    async complete(key, kept) {
      dropGone(key, kept);
      const wanted = kept
        .toSorted((a, b) => b.revision - a.revision)
        .slice(0, MAX_LOOKED_AT)
        .filter((mark) => !isKnown(key, mark));
      const before = [...knownOf(key).values()].map(({ masker }) => masker);
      let isNew = false;
      let written = null;
      for (let from = 0; from < wanted.length; from += READ_AT_ONCE) {
        const marks = wanted.slice(from, from + READ_AT_ONCE);
        const read = await Promise.all(marks.map(({ revision }) => readRevision(key, revision)));
        for (const [at, release] of read.entries()) {
          const mark = marks[at] as RecordMark;
          const isThere = release !== null && 'computedValues' in release;
          written ??= isThere ? readReleaseFacts(release.releaseConfig) : null;
          const about = { holder: viewOf(parseReleaseKey(key)), written };
          const own = isThere ? await maskerOf(release, findSecrets, about) : NO_SECRETS;
          note(key, mark, own);
          isNew ||= !own.isEmpty && !before.some((masker) => sameSecrets(masker, own));
        }
      }
      return isNew;
    },
    forget: (key) => releases.delete(key),
  };
}
