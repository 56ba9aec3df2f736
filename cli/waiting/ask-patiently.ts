import { NotReached, Refusal } from '../errors/failures.ts';

/** An answer, or why there is none now. */
export type Asked<T> = { readonly value: T } | { readonly problem: string };

/**
 * Asks a question of which the answer may come later: while a server is started again, it is not reached, or answers 502
 * or 503.
 * @throws what does not pass by itself
 */
export async function askPatiently<T>(ask: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (error instanceof NotReached) return { problem: `the server cannot be reached (${error.message}), retrying` };
    if (error instanceof Refusal && (error.status === 502 || error.status === 503 || error.status === 429)) {
      return { problem: `the server returned ${error.status}, retrying` };
    }
    throw error;
  }
}
