import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long `eventually` waits and how often it looks, both in milliseconds. The time is not a promise of the product, but
 * when a test counts as hanging on the slowest machine; set it only for what may take longer than the default.
 */
export interface Patience {
  withinMs?: number;
  everyMs?: number;
}

/**
 * Calls `look` until it no longer throws, and returns its result: the one helper by which tests wait for something that
 * sends no notification. After the deadline the last failure is thrown, so that the report shows what was still
 * missing.
 */
export async function eventually<T>(look: () => Promise<T> | T, patience: Patience = {}): Promise<T> {
  const { withinMs = 120_000, everyMs = 50 } = patience;
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await look();
    } catch (failure) {
      if (performance.now() > deadline) {
        throw new Error(
          `not seen within ${withinMs} ms: ${failure instanceof Error ? failure.message : String(failure)}`,
          {
            cause: failure,
          },
        );
      }
      await pause(everyMs);
    }
  }
}
