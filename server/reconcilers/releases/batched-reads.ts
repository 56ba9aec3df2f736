import { ProblemError } from '../../domain/errors/problem-error.ts';

type Waiting<Wanted, Found> = {
  wanted: Wanted;
  resolve: (found: Found) => void;
  reject: (error: unknown) => void;
};

/**
 * Batches single reads into calls of `readMany`, which answers in the order of its input: reads requested in the same
 * tick go into one request of at most `most`. A read rejects with its own error only.
 */
export function createBatchedReads<Wanted, Found>(
  readMany: (wanted: Wanted[]) => Promise<readonly (Found | ProblemError)[]>,
  max: number,
): (wanted: Wanted) => Promise<Found> {
  const waiting: Waiting<Wanted, Found>[] = [];

  async function readAll(batch: Waiting<Wanted, Found>[]): Promise<void> {
    try {
      const found = await readMany(batch.map(({ wanted }) => wanted));
      batch.forEach(({ resolve, reject }, index) => {
        const one = found[index];
        if (one === undefined) reject(new Error(`${found.length} answers to ${batch.length} questions`));
        else if (one instanceof ProblemError) reject(one);
        else resolve(one);
      });
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    }
  }

  function send(): void {
    while (waiting.length > 0) {
      void readAll(waiting.splice(0, max));
    }
  }

  return function batchedRead(wanted) {
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) queueMicrotask(send);
      waiting.push({ wanted, resolve, reject });
    });
  };
}
