import { podNotFound } from '../../../domain/errors/object-problems.ts';
import type { LogQuery, PodLogs } from '../../../ports/cluster/pod-logs.ts';

/** A log in memory: its pieces, and whether it waits for more behind them. */
export type MemoryLog = { pieces: readonly string[]; goesOn: boolean };

/** Logs in memory, by `namespace/pod/container`; `asked` are the questions, `reads` is how many are being read. */
export type MemoryPodLogs = PodLogs & { asked: LogQuery[]; reads: number };

export function createMemoryPodLogs(logs: Readonly<Record<string, MemoryLog>>): MemoryPodLogs {
  const state = { asked: [] as LogQuery[], reads: 0 };

  async function* read(
    { pieces, goesOn }: MemoryLog,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (const piece of pieces) {
        signal.throwIfAborted();
        yield Buffer.from(piece);
      }
      if (goesOn) {
        await new Promise<void>((_, reject) => {
          const stop = () => reject(signal.reason as Error);
          if (signal.aborted) {
            stop();
          } else {
            signal.addEventListener('abort', stop, { once: true });
          }
        });
      }
    } finally {
      state.reads -= 1;
    }
  }

  return Object.assign(state, {
    open(
      { namespace, name }: { namespace: string; name: string },
      query: LogQuery,
      { signal }: { signal: AbortSignal },
    ) {
      state.asked.push(query);
      const log = logs[`${namespace}/${name}/${query.container}`];
      if (log === undefined) {
        return Promise.reject(podNotFound(namespace, name));
      }
      state.reads += 1;
      return Promise.resolve(read(log, signal));
    },
  });
}
