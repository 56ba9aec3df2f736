import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long `eventually` waits and how often it looks, both in milliseconds. The first is no promise of the product, but
 * when something counts as hanging on the slowest machine; only what may take longer than that says so.
 */
export interface Patience {
  withinMs?: number;
  everyMs?: number;
}

/**
 * Looks at the world until `look` no longer throws, and answers what it returned: the one place where a test waits for
 * something that it cannot be told about. When the deadline passes the last failure is thrown, so the report shows what
 * was still missing.
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
