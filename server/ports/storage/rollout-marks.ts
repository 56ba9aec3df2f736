import type { ReleaseKey } from '../../domain/names/release-key.ts';

export interface RolloutMarkReader {
  isDone(key: ReleaseKey, revision: number): boolean;
}

export interface RolloutMarkWriter {
  /** Durable when it resolves, and seen by `isDone` shortly after; a release that has gone has no mark. */
  markDone(key: ReleaseKey, revision: number): Promise<void>;
}

/** Which revisions have rolled out once: what happens to their pods later is no failed rollout. */
export interface RolloutMarks extends RolloutMarkReader, RolloutMarkWriter {}
