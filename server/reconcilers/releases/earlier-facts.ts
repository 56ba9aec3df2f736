import { endsLifetime } from '../../domain/history/current-lifetime.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { readReleaseFacts, type ReleaseFacts } from '../../domain/release/release-facts.ts';
import { recordId, type RecordMark } from '../../domain/indexes/helm-record-index.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { RecordContext } from '../../domain/release/release-record.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';

/** Facts and seals of earlier revisions, and since when a release is foreign. */
export type EarlierFacts = Required<Pick<RecordContext, 'earlier' | 'sealedBefore' | 'firstWritten'>>;

/** As much of an earlier record as decides whose facts count. */
type Outline = { updated: string; ends: boolean; hasFacts: boolean; isSealed: boolean };

/** What an earlier record says; it never changes under the same id. Null: it cannot be read. */
type Looked = { outline: Outline | null; facts: ReleaseFacts | null };

/** By the ids of records; facts are large, so only those that were found last are remembered. */
type Remembered = { outlines: Map<string, Outline | null>; facts: { id: string; value: ReleaseFacts } | null };

/** Number of revisions read in one request, after the one before the newest. */
const READ_AT_ONCE = 16;

/**
 * Finds Walm's facts and the newest seal in earlier revisions of releases that were changed outside Walm (decision 5:
 * changes made outside Walm).
 */
export type EarlierFactsFinder = {
  /**
   * Depends on the records alone, in whatever order they became known: `earlier` are those that were applied before
   * `newest`, newest first. Reads as few of them as possible from the engine.
   */
  find(key: ReleaseKey, newest: HelmRelease, earlier: readonly RecordMark[]): Promise<EarlierFacts>;
  forget(key: ReleaseKey): void;
};

/**
 * Remembers the outlines of the records that it read, so that a further change from outside costs one read instead of the
 * whole history.
 */
export function createEarlierFactsFinder(engine: Pick<HelmReader, 'getReleases'>): EarlierFactsFinder {
  const remembered = new Map<ReleaseKey, Remembered>();

  /** Without records that are not there any more. */
  async function read({ namespace, name }: HelmRelease, marks: readonly RecordMark[]): Promise<Map<string, Looked>> {
    const wanted = marks.map(({ revision }) => ({ namespace, name, revision }));
    const found = wanted.length === 0 ? [] : await engine.getReleases(wanted, { brief: true });
    return new Map(
      marks.flatMap((mark, at) => {
        const release = found[at] ?? null;
        // An unreadable earlier revision has no facts, and does not affect the readable ones.
        if (release instanceof ProblemError && release.code !== 'RELEASE_UNREADABLE') {
          throw release;
        }
        return release === null ? [] : [[recordId(mark), lookAt(release)] as const];
      }),
    );
  }

  async function search(
    newest: HelmRelease,
    earlier: readonly RecordMark[],
    known: Remembered | undefined,
  ): Promise<{ found: EarlierFacts; looked: Remembered }> {
    const found: EarlierFacts = { earlier: null, sealedBefore: null, firstWritten: newest.updated };
    const looked: Remembered = { outlines: new Map(), facts: null };
    let fresh = new Map<string, Looked>();
    // Usually there was one change from outside: others are read only if there were more.
    let count = 1;
    for (const [at, mark] of endsLifetime(newest) ? [] : earlier.entries()) {
      const id = recordId(mark);
      if (known?.outlines.has(id) !== true && !fresh.has(id)) {
        const next = earlier.slice(at, at + count).filter((one) => known?.outlines.has(recordId(one)) !== true);
        fresh = await read(newest, next);
        count = READ_AT_ONCE;
      }
      const outline = fresh.has(id) ? fresh.get(id)?.outline : known?.outlines.get(id);
      if (outline !== undefined) {
        looked.outlines.set(id, outline);
      }
      if (outline === undefined || outline === null) {
        continue;
      }
      if (outline.ends) {
        break;
      }
      if (outline.hasFacts && found.earlier === null) {
        const remembers = known?.facts?.id === id ? known.facts.value : undefined;
        const value = fresh.get(id)?.facts ?? remembers ?? (await read(newest, [mark])).get(id)?.facts ?? null;
        found.earlier = value;
        looked.facts = value && { id, value };
      }
      if (outline.isSealed) {
        found.sealedBefore = { revision: mark.revision, since: found.firstWritten };
        break;
      }
      found.firstWritten = outline.updated;
    }
    return { found, looked };
  }

  return {
    async find(key, newest, earlier) {
      const isOurs = readReleaseFacts(newest.releaseConfig) !== null && newest.seal.sealed;
      if (isOurs || earlier.length === 0) {
        remembered.delete(key);
        return { earlier: null, sealedBefore: null, firstWritten: newest.updated };
      }
      const { found, looked } = await search(newest, earlier, remembered.get(key));
      remembered.set(key, looked);
      return found;
    },
    forget: (key) => remembered.delete(key),
  };
}

function lookAt(release: HelmRelease | ProblemError): Looked {
  if (release instanceof ProblemError) {
    return { outline: null, facts: null };
  }
  const facts = readReleaseFacts(release.releaseConfig);
  const { updated, seal } = release;
  const hasFacts = facts !== null;
  return { outline: { updated, ends: endsLifetime(release), hasFacts, isSealed: hasFacts && seal.sealed }, facts };
}
