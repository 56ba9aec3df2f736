import type { ReleaseKey } from '../../domain/names/release-key.ts';

export interface RolloutMarkReader {
  isDone(key: ReleaseKey, revision: number): boolean;
}

export interface RolloutMarkWriter {
  /** Durable when it resolves, and visible to `isDone` shortly afterwards; a deleted release has no mark. */
  markDone(key: ReleaseKey, revision: number): Promise<void>;
}

/** Which revisions have completed their rollout once: later failures of their pods do not count as a failed rollout. */
export interface RolloutMarks extends RolloutMarkReader, RolloutMarkWriter {}
