import type { ReleaseKey } from '../../domain/names/release-key.ts';

/** Visits all releases evenly: each is due once in every period. */
export type ResendRound = {
  /**
   * The releases that are due by now (milliseconds since the epoch); `list` returns all releases at the start of a
   * round.
   */
  due(nowMs: number, list: () => readonly ReleaseKey[]): ReleaseKey[];
};

/** A round of `periodMs`, starting at `startMs`: releases that exist at the start are due by its end. */
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
