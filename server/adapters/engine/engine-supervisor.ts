import { backoffMs } from '../../../contract/backoff.ts';
import { sleep } from '../../ports/runtime/clock.ts';
import { engineStopped } from './engine-problem.ts';
import { startEngineProcess, type EngineProcess } from './engine-process.ts';
import type { EngineSettings } from './engine-settings.ts';

/** Backoff between consecutive starts of an engine that did not last; the first start is immediate. */
const RESTART = { initialMs: 100, maxMs: 10_000 };
/** An engine that ran this long resets the backoff. */
const lastingMs = 10_000;
/** How long a request waits for an engine that is starting. */
const patienceMs = 5_000;
/** How long the engine may take to end running operations when the server stops. */
const graceMs = 10_000;

/** Keeps one engine running. */
export type EngineSupervisor = {
  /** The running engine; waits a little for a starting one, then rejects with ENGINE_STOPPED. */
  engine(): Promise<EngineProcess>;
  stop(): Promise<void>;
};

/** Starts the engine, and again with backoff whenever it ends. `onStart` is called with each engine that started. */
export function superviseEngine(settings: EngineSettings, onStart: (engine: EngineProcess) => void): EngineSupervisor {
  const { clock, log } = settings;
  const stopping = new AbortController();
  let running: EngineProcess | undefined;
  let waiting: (() => void)[] = [];

  async function runOnce(): Promise<void> {
    const started = await startEngineProcess(settings);
    if (stopping.signal.aborted) {
      await started.stop(graceMs);
      return;
    }
    running = started;
    log.info({ pid: started.pid, ...started.info }, 'engine started');
    const missing = started.info.isolation.filter(({ holds }) => !holds);
    if (missing.length > 0) log.warn({ missing }, 'render workers are not fully isolated');
    onStart(started);
    for (const wake of waiting.splice(0)) wake();
    await started.ended;
    running = undefined;
    if (!stopping.signal.aborted) log.error({ pid: started.pid }, 'engine exited unexpectedly, restarting it');
  }

  async function run(): Promise<void> {
    for (let row = 0; !stopping.signal.aborted; row++) {
      const startedAt = clock.now();
      await runOnce().catch((error: unknown) => log.error({ err: error }, 'engine failed to start'));
      if (clock.now() - startedAt >= lastingMs) row = 0;
      await sleep(clock, row === 0 ? 0 : backoffMs(row, RESTART), stopping.signal).catch(() => undefined);
    }
  }

  const ended = run();
  return {
    async engine() {
      if (!isUp(running) && !stopping.signal.aborted) {
        await new Promise<void>((resolve) => {
          const giveUp = clock.after(patienceMs, resolve);
          waiting.push(() => {
            giveUp();
            resolve();
          });
        });
      }
      if (!isUp(running)) throw engineStopped();
      return running;
    },
    async stop() {
      stopping.abort();
      for (const wake of waiting.splice(0)) wake();
      await running?.stop(graceMs);
      await ended;
      waiting = [];
    },
  };
}

function isUp(engine: EngineProcess | undefined): engine is EngineProcess {
  return engine !== undefined && !engine.over();
}
