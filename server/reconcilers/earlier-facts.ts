import { isEndOfLife } from '../domain/present-life.ts';
import { ProblemError } from '../domain/problem-error.ts';
import { readReleaseFacts } from '../domain/release-facts.ts';
import type { ReleaseKey } from '../domain/release-key.ts';
import type { RecordContext } from '../domain/release-record.ts';
import type { HelmEngine } from '../ports/helm-engine.ts';
import type { HelmRelease } from '../ports/helm-release.ts';

/** Facts of revisions before the newest, and since when a release is foreign. */
export type EarlierFacts = Pick<RecordContext, 'earlier' | 'firstWritten'>;

type Remembered = { revision: number; facts: EarlierFacts };

/** Finds Walm's facts in earlier revisions of releases that plain Helm changed (decision 5). */
export type EarlierFactsFinder = {
  /** Asks the engine for as few revisions as it can. `revisions` are the kept ones. */
  find(key: ReleaseKey, newest: HelmRelease, revisions: readonly number[]): Promise<EarlierFacts>;
  forget(key: ReleaseKey): void;
};

/** Remembers what it found per release, so that a further change from outside costs one look and not the history. */
export function createEarlierFactsFinder(engine: Pick<HelmEngine, 'getReleases'>): EarlierFactsFinder {
  const remembered = new Map<ReleaseKey, Remembered>();

  /** Some revisions, in the order asked for, without those that were pruned meanwhile or cannot be read. */
  async function read({ namespace, name }: HelmRelease, revisions: readonly number[]): Promise<HelmRelease[]> {
    if (revisions.length === 0) {
      return [];
    }
    const wanted = revisions.map((revision) => ({ namespace, name, revision }));
    const found = await engine.getReleases(wanted, { brief: true });
    return found.flatMap((release) => {
      // An earlier revision that cannot be read has no facts, and takes nothing from those that have.
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
    let since = newest.updated;
    if (isEndOfLife(newest)) {
      return { earlier: null, firstWritten: since };
    }
    const earlier = revisions.filter((revision) => revision < newest.revision).sort((a, b) => b - a);
    const unknown = earlier.filter((revision) => known === undefined || revision >= known.revision);
    // Mostly there was one change behind Walm: only when there were more is the rest read, at once.
    for (const some of [unknown.slice(0, 1), unknown.slice(1)]) {
      for (const release of await read(newest, some)) {
        if (isEndOfLife(release)) {
          return { earlier: null, firstWritten: since };
        }
        const facts = readReleaseFacts(release.releaseConfig);
        if (facts !== null) {
          return { earlier: { facts, revision: release.revision, since }, firstWritten: since };
        }
        since = release.updated;
      }
    }
    return known !== undefined && unknown.length < earlier.length
      ? known.facts
      : { earlier: null, firstWritten: since };
  }

  return {
    async find(key, newest, revisions) {
      const own = readReleaseFacts(newest.releaseConfig);
      const isAlone = revisions.every((revision) => revision >= newest.revision);
      if (own !== null || isAlone) {
        remembered.delete(key);
        return { earlier: null, firstWritten: newest.updated };
      }
      const facts = await search(newest, revisions, remembered.get(key));
      remembered.set(key, { revision: newest.revision, facts });
      return facts;
    },
    forget: (key) => remembered.delete(key),
  };
}
