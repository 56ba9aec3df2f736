import { releaseKey, type ReleaseKey } from '../../../domain/names/release-key.ts';

/** Where an answer stands among the changes that events report. */
export type ReadPoint = {
  /** The number of the latest change of a release that the answer is sure to contain. */
  sequenceOf(release: { namespace: string; name: string }): number;
};

/**
 * Notes where a reader stands; to be called before anything is read. What changes while the reader reads may already be
 * in the answer, but its event counts as newer, so that no client drops it.
 */
export type BeginRead = () => ReadPoint;

export type BeginReadDeps = {
  statuses: {
    get(key: ReleaseKey): { status: { sequence: number } } | undefined;
    /** The number of the latest change of any release; 0 before the first one. */
    latestSequence(): number;
  };
};

export function createBeginRead({ statuses }: BeginReadDeps): BeginRead {
  return function beginRead() {
    const latest = statuses.latestSequence();
    return {
      sequenceOf: ({ namespace, name }) =>
        Math.min(statuses.get(releaseKey(namespace, name))?.status.sequence ?? latest, latest),
    };
  };
}
