import { presentLife } from '../domain/present-life.ts';
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
export function createEarlierFactsFinder(
  engine: Pick<HelmEngine, 'getRelease' | 'releaseHistory'>,
): EarlierFactsFinder {
  const remembered = new Map<ReleaseKey, Remembered>();

  async function search(newest: HelmRelease, known: Remembered | undefined): Promise<EarlierFacts> {
    const target = { identity: null, namespace: newest.namespace, name: newest.name };
    const history = (await engine.releaseHistory(target)).filter(({ revision }) => revision <= newest.revision);
    let since = newest.updated;
    for (const { revision, updated } of presentLife(history).filter((known) => known.revision < newest.revision)) {
      if (known !== undefined && revision < known.revision) {
        return known.facts;
      }
      const facts = readReleaseFacts((await engine.getRelease(target, revision))?.releaseConfig ?? null);
      if (facts !== null) {
        return { earlier: { facts, revision, since }, firstWritten: since };
      }
      since = updated;
    }
    return { earlier: null, firstWritten: since };
  }

  return {
    async find(key, newest, revisions) {
      const own = readReleaseFacts(newest.releaseConfig);
      const isAlone = revisions.every((revision) => revision >= newest.revision);
      if (own !== null || isAlone) {
        remembered.delete(key);
        return { earlier: null, firstWritten: newest.updated };
      }
      const facts = await search(newest, remembered.get(key));
      remembered.set(key, { revision: newest.revision, facts });
      return facts;
    },
    forget: (key) => remembered.delete(key),
  };
}
