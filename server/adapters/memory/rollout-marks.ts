import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { RolloutMarks } from '../../ports/storage/rollout-marks.ts';

/** Rollout marks of this process. */
export function createMemoryRolloutMarks(): RolloutMarks {
  const done = new Map<ReleaseKey, number>();
  return {
    isDone: (key, revision) => done.get(key) === revision,
    markDone(key, revision) {
      done.set(key, revision);
      return Promise.resolve();
    },
  };
}
