import { backoffMs } from '../../../contract/backoff.ts';
import { type Clock, whenAborted } from '../../ports/runtime/clock.ts';
import { createYieldTurn } from '../../services/jobs/cooperative-yield.ts';

/** The result of a run of a key: run again after a time (milliseconds), or nothing. */
export type ReconcileResult = { requeueAfterMs: number } | undefined;

/** `random` returns numbers in [0, 1); `onError` is called for each failed run, which is retried automatically. */
export type ReconcilerDeps = {
  reconcile: (key: string, signal: AbortSignal) => Promise<ReconcileResult>;
  clock: Clock;
  random: () => number;
  /** Maximum number of keys that run concurrently. */
  concurrency: number;
  onError: (key: string, error: unknown) => void;
};

/**
 * Runs keys, level-triggered: the queue holds keys, never events; a key queued again while it runs is run once more
 * afterwards, and never twice at the same time. A failed run is retried with a growing backoff.
 * Namespaces (the part of a key before the `/`) take turns, so that many keys of one do not delay those of others.
 */
export type Reconciler = {
  enqueue(key: string): void;
  /** Runs keys until the signal is aborted, then waits for the running ones. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves as soon as nothing is queued or running; delayed keys do not count. */
  drain(): Promise<void>;
  /** Number of keys that are queued or running. */
  depth(): number;
};

const RETRY = { initialMs: 250, maxMs: 15_000 };

/** An idle reconciler; keys queued before `run` wait for it. */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  const queued = createQueue();
  const running = new Map<string, Promise<void>>();
  const timers = new Map<string, () => void>();
  const failures = new Map<string, number>();
  /** Thousands of runs that never wait would otherwise block the event loop. */
  const yieldTurn = createYieldTurn(deps.clock);
  let idle: (() => void)[] = [];
  let signal: AbortSignal | undefined;

  function enqueue(key: string): void {
    timers.get(key)?.();
    timers.delete(key);
    queued.add(key);
    pump();
  }

  function enqueueAfter(key: string, delayMs: number): void {
    timers.get(key)?.();
    timers.set(
      key,
      deps.clock.after(delayMs, () => enqueue(key)),
    );
  }

  function retryMs(key: string): number {
    const failed = (failures.get(key) ?? 0) + 1;
    failures.set(key, failed);
    return backoffMs(failed, RETRY, deps.random);
  }

  async function runOnce(key: string, stop: AbortSignal): Promise<void> {
    try {
      const pause = yieldTurn();
      if (pause !== null) {
        await pause;
      }
      const result = await deps.reconcile(key, stop);
      failures.delete(key);
      if (result !== undefined && result.requeueAfterMs <= 0) {
        queued.add(key);
      } else if (result !== undefined && !queued.has(key)) {
        enqueueAfter(key, result.requeueAfterMs);
      }
    } catch (error) {
      if (!stop.aborted) {
        deps.onError(key, error);
        enqueueAfter(key, retryMs(key));
      }
    }
  }

  function pump(): void {
    if (signal !== undefined && !signal.aborted) {
      while (running.size < deps.concurrency) {
        const key = queued.next((one) => !running.has(one));
        if (key === undefined) {
          break;
        }
        const run = runOnce(key, signal).finally(() => {
          running.delete(key);
          pump();
        });
        running.set(key, run);
      }
    }
    if (running.size === 0 && (queued.size() === 0 || signal?.aborted === true)) {
      idle.forEach((resolve) => resolve());
      idle = [];
    }
  }

  function drain(): Promise<void> {
    return new Promise((resolve) => {
      idle.push(resolve);
      pump();
    });
  }

  return {
    enqueue,
    drain,
    depth: () => queued.size() + running.size,
    async run(stop) {
      signal = stop;
      pump();
      await whenAborted(stop);
      timers.forEach((cancel) => cancel());
      timers.clear();
      await Promise.all(running.values());
    },
  };
}

/** Keys that wait, each once: those of one namespace as they came, and namespaces in turn. */
function createQueue() {
  const lines = new Map<string, Set<string>>();
  let size = 0;
  const lineOf = (key: string) => key.split('/', 1)[0] ?? '';

  return {
    size: () => size,
    has: (key: string) => lines.get(lineOf(key))?.has(key) === true,
    add(key: string): void {
      const line = lines.get(lineOf(key)) ?? new Set();
      size += line.has(key) ? 0 : 1;
      lines.set(lineOf(key), line.add(key));
    },
    /** Takes out the first of the next namespace that may run. */
    next(mayRun: (key: string) => boolean): string | undefined {
      for (const [name, keys] of lines) {
        for (const key of keys) {
          if (mayRun(key)) {
            keys.delete(key);
            lines.delete(name);
            if (keys.size > 0) {
              lines.set(name, keys);
            }
            size -= 1;
            return key;
          }
        }
      }
      return undefined;
    },
  };
}
