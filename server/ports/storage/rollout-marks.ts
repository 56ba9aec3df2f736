import type { ReleaseKey } from '../../domain/names/release-key.ts';

export interface RolloutMarkReader {
  isDone(key: ReleaseKey, revision: number): boolean;
}

/** `Pass` is what adapters require in addition (server/ports/gate); use cases pass nothing. */
export interface RolloutMarkWriter<Pass extends readonly unknown[] = []> {
  /** Durable when it resolves, and visible to `isDone` shortly afterwards; a deleted release has no mark. */
  markDone(key: ReleaseKey, revision: number, ...pass: Pass): Promise<void>;
}

/** Which revisions have completed their rollout once: later failures of their pods do not count as a failed rollout. */
export interface RolloutMarks extends RolloutMarkReader, RolloutMarkWriter {}
