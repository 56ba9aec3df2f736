/**
 * Runs `work` and fails if it ended sooner than after `leastMs` milliseconds; returns its result. A slow machine makes
 * nothing shorter. There is no such helper for an upper limit: count something instead.
 */
export async function lastsAtLeast<T>(leastMs: number, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  const lasted = performance.now() - started;
  if (lasted < leastMs) throw new Error(`it was over after ${lasted.toFixed(0)} ms, and lasts ${leastMs} at least`);
  return result;
}
