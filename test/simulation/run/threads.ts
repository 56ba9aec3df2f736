import { Worker } from 'node:worker_threads';

import type { SeedOrder, SeedReport } from './seed-report.ts';

/** A thread that runs one seed after the other. */
export interface SeedThread {
  /** One at a time. Rejects when the thread ends by itself. */
  run(order: SeedOrder): Promise<SeedReport>;
  close(): Promise<void>;
}

/** Most allocations of a seed are short-lived. */
const YOUNG_MB = 64;
const PROGRAM = new URL('./worker.ts', import.meta.url);

/** Each patched run loads the sources, and a thread never forgets modules: after so many runs it is started again. */
const MAX_RUNS = 100;

/** Starts a thread. */
export function startSeedThread(): SeedThread {
  let answer = Promise.withResolvers<SeedReport>();
  // There is a listener only while an order is running.
  answer.promise.catch(() => undefined);
  let runs = 0;
  let worker = start();

  function start(): Worker {
    const started = new Worker(PROGRAM, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    started.on('error', (error) => answer.reject(error));
    started.on('exit', (code) => {
      if (started === worker) answer.reject(new Error(`a thread of the simulation ended (${code})`));
    });
    started.on('message', (report: SeedReport) => answer.resolve(report));
    return started;
  }

  return {
    async run(order) {
      if (runs === MAX_RUNS) {
        const former = worker;
        worker = start();
        runs = 0;
        await former.terminate();
      }
      runs += 1;
      answer = Promise.withResolvers();
      worker.postMessage(order);
      return answer.promise;
    },
    close: async () => void (await worker.terminate()),
  };
}

/** Distributes the items over `count` threads, and ends the threads when all are done. */
export async function withThreads<Item>(
  items: Iterable<Item>,
  count: number,
  work: (item: Item, thread: SeedThread) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  async function goOn(): Promise<void> {
    let next = left.next();
    if (next.done === true) return;
    const thread = startSeedThread();
    try {
      for (; next.done !== true; next = left.next()) await work(next.value, thread);
    } finally {
      await thread.close();
    }
  }
  await Promise.all(Array.from({ length: count }, goOn));
}
