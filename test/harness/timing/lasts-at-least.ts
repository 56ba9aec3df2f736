/**
 * Runs `work` and refuses when it was over sooner than after `leastMs` milliseconds; answers what it answered. A machine
 * that is slow makes nothing shorter: there is no such thing for the most that it may take (count something instead).
 */
export async function lastsAtLeast<T>(leastMs: number, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  const lasted = performance.now() - started;
  if (lasted < leastMs) throw new Error(`it was over after ${lasted.toFixed(0)} ms, and lasts ${leastMs} at least`);
  return result;
}
