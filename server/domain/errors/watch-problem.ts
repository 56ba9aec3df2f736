/** A healthy watch gets a message within 18 s; after this silence a change may have been missed. */
const SILENT_MS = 30_000;

/**
 * What is wrong with a watch whose last message came at `heardAt` (milliseconds since the epoch, 0: never) and whose
 * last attempt failed with `problem`; null if its view can be trusted. A single failed attempt is not a problem yet: it
 * is retried.
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
