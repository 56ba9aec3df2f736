import { endsLifetime } from '../../domain/history/current-lifetime.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { readReleaseFacts } from '../../domain/release/release-facts.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { RecordContext } from '../../domain/release/release-record.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';

/** Facts and seals of earlier revisions, and since when a release is foreign. */
export type EarlierFacts = Required<Pick<RecordContext, 'earlier' | 'sealedBefore' | 'firstWritten'>>;

type Remembered = { revision: number; facts: EarlierFacts };

/** Number of revisions read in one request, after the one before the newest. */
const READ_AT_ONCE = 16;

/**
 * Finds Walm's facts and the newest seal in earlier revisions of releases that were changed outside Walm (decision 5:
 * changes made outside Walm).
 */
export type EarlierFactsFinder = {
  /** Reads as few revisions as possible from the engine. `revisions` are the stored ones that were applied. */
  find(key: ReleaseKey, newest: HelmRelease, revisions: readonly number[]): Promise<EarlierFacts>;
  forget(key: ReleaseKey): void;
};

/**
 * Remembers its result per release, so that a further change from outside costs one read instead of the whole history.
 */
export function createEarlierFactsFinder(engine: Pick<HelmReader, 'getReleases'>): EarlierFactsFinder {
  const remembered = new Map<ReleaseKey, Remembered>();

  /** Reads revisions, in the given order, without those that were pruned meanwhile or cannot be read. */
  async function read({ namespace, name }: HelmRelease, revisions: readonly number[]): Promise<HelmRelease[]> {
    if (revisions.length === 0) {
      return [];
    }
    const wanted = revisions.map((revision) => ({ namespace, name, revision }));
    const found = await engine.getReleases(wanted, { brief: true });
    return found.flatMap((release) => {
      // An unreadable earlier revision has no facts, and does not affect the readable ones.
      if (release instanceof ProblemError && release.code !== 'RELEASE_UNREADABLE') {
        throw release;
      }
      return release === null || release instanceof ProblemError ? [] : release;
    });
  }

  async function search(
    newest: HelmRelease,
    revisions: readonly number[],
    known: Remembered | undefined,
  ): Promise<EarlierFacts> {
    const found: EarlierFacts = { earlier: null, sealedBefore: null, firstWritten: newest.updated };
    if (endsLifetime(newest)) {
      return found;
    }
    const earlier = revisions.filter((revision) => revision < newest.revision).sort((a, b) => b - a);
    const unknown = earlier.filter((revision) => known === undefined || revision >= known.revision);
    // Usually there was one change from outside: others are read only if there were more.
    for (let from = 0; from < unknown.length; from += from === 0 ? 1 : READ_AT_ONCE) {
      for (const release of await read(newest, unknown.slice(from, from === 0 ? 1 : from + READ_AT_ONCE))) {
        if (endsLifetime(release)) {
          return found;
        }
        const facts = readReleaseFacts(release.releaseConfig);
        found.earlier ??= facts;
        if (facts !== null && release.seal.sealed) {
          return { ...found, sealedBefore: { revision: release.revision, since: found.firstWritten } };
        }
        found.firstWritten = release.updated;
      }
    }
    if (known === undefined || unknown.length === earlier.length) {
      return found;
    }
    return { ...known.facts, earlier: found.earlier ?? known.facts.earlier };
  }

  return {
    async find(key, newest, revisions) {
      const isOurs = readReleaseFacts(newest.releaseConfig) !== null && newest.seal.sealed;
      const isAlone = revisions.every((revision) => revision >= newest.revision);
      if (isOurs || isAlone) {
        remembered.delete(key);
        return { earlier: null, sealedBefore: null, firstWritten: newest.updated };
      }
      const before = remembered.get(key);
      // Helm prunes old revisions, and users with the right can delete them: the revision named has to exist.
      const sealed = before?.facts.sealedBefore;
      const counts = !sealed || revisions.includes(sealed.revision);
      const facts = await search(newest, revisions, counts ? before : undefined);
      remembered.set(key, { revision: newest.revision, facts });
      return facts;
    },
    forget: (key) => remembered.delete(key),
  };
}
