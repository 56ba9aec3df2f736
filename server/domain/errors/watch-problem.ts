/** The API server lets a watch hear something within 18 s; beyond this a change may have gone unnoticed. */
const SILENT_MS = 30_000;

/**
 * What is wrong with a watch that was last heard at `heardAt` (milliseconds since the epoch, 0: never) and whose last
 * attempt met `problem`; null when what it tells can be believed. One failed attempt is none yet: it is tried again.
 */
export function watchProblem(
  { heardAt, problem }: { heardAt: number; problem: string | null },
  nowMs: number,
): string | null {
  if (heardAt === 0) {
    return problem ?? 'nothing was heard yet';
  }
  const silentMs = nowMs - heardAt;
  if (silentMs <= SILENT_MS) {
    return null;
  }
  const silence = `nothing was heard for ${Math.floor(silentMs / 1000)} s`;
  return problem === null ? silence : `${silence}: ${problem}`;
}
