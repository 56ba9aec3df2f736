import { ProblemError } from '../../domain/errors/problem-error.ts';

type Waiting<Wanted, Found> = {
  wanted: Wanted;
  resolve: (found: Found) => void;
  reject: (error: unknown) => void;
};

/** Of which group no more is asked for at once shares its request with others. */
const MODEST = 4;

/**
 * Batches single reads into calls of `readMany`, which answers in the order of its input: reads requested in the same
 * tick go into one request of at most `max`. A group with many reads gets requests of its own, so that others need not
 * wait for all of it. A read rejects with its own error only.
 */
export function createBatchedReads<Wanted, Found>(
  readMany: (wanted: Wanted[]) => Promise<readonly (Found | ProblemError)[]>,
  max: number,
  groupOf: (wanted: Wanted) => string = () => '',
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
    const groups = [...Map.groupBy(waiting.splice(0), ({ wanted }) => groupOf(wanted)).values()];
    const modest = groups.filter(({ length }) => length <= MODEST).flat();
    for (const group of [modest, ...groups.filter(({ length }) => length > MODEST)]) {
      while (group.length > 0) {
        void readAll(group.splice(0, max));
      }
    }
  }

  return function batchedRead(wanted) {
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) queueMicrotask(send);
      waiting.push({ wanted, resolve, reject });
    });
  };
}
