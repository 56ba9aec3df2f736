import type { ReleaseKey } from '../../domain/names/release-key.ts';

/** Goes round all releases, evenly: each is due once in every period. */
export type ResendRound = {
  /** The releases that are due by now (milliseconds since the epoch); `list` gives all of them at a round's start. */
  due(nowMs: number, list: () => readonly ReleaseKey[]): ReleaseKey[];
};

/** A round that takes `periodMs`, beginning at `startMs`: what is there from the start is due at its end at the latest. */
export function createResendRound(periodMs: number, startMs: number): ResendRound {
  let started = startMs;
  let round: readonly ReleaseKey[] | undefined;
  let done = 0;
  return {
    due(nowMs, list) {
      round ??= list();
      const share = Math.min(1, (nowMs - started) / periodMs);
      const end = Math.floor(round.length * share);
      const keys = round.slice(done, end);
      done = end;
      if (share >= 1) {
        started = nowMs;
        round = undefined;
        done = 0;
      }
      return keys;
    },
  };
}
