import { Tinypool } from 'tinypool';
import { createFairGate } from '../../domain/budgets/fair-gate.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { type Job, type JobOutcome, ownedBy, type Threads } from '../../ports/runtime/threads.ts';
import { otherThreadsMs, startComputingDeadline } from './computing-deadline.ts';

export interface ThreadPoolOptions {
  /** Module whose export `perform` takes a `Job` and answers a `JobOutcome`. */
  readonly module: URL;
  readonly threads: number;
  /** Longest time of the processor that one job may take, in milliseconds. */
  readonly jobMs: number;
  /** Most memory of the heap of one thread, in MiB. */
  readonly memoryMiB: number;
  readonly clock: Pick<Clock, 'now' | 'after'>;
}

const STACK_MIB = 4;
/** What is new in a thread: by itself it would take more than what lasts. */
const YOUNG_MIB = 16;
/** A thread that has nothing to do goes after this time, and its memory with it. */
const IDLE_MS = 30_000;

/** Threads that are started when there is work, and ended with their memory when there is none, or too much. */
export function createThreadPool({ module, threads, jobMs, memoryMiB, clock }: ThreadPoolOptions): Threads {
  const pool = new Tinypool({
    filename: module.href,
    name: 'perform',
    minThreads: 0,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: memoryMiB, maxYoungGenerationSizeMb: YOUNG_MIB, stackSizeMb: STACK_MIB },
    env: {},
  });
  const turns = createFairGate({ all: threads, each: threads });

  async function runNow(job: Job): Promise<unknown> {
    const late = new AbortController();
    const callOff = startComputingDeadline({ clock, computedMs: otherThreadsMs, limitMs: jobMs }, () => late.abort());
    let outcome: JobOutcome<unknown>;
    try {
      outcome = (await pool.run(job, { signal: late.signal, transferList: ownedBy(job) })) as JobOutcome<unknown>;
    } catch (error) {
      throw tooComplex(
        error,
        late.signal.aborted ? `more than ${jobMs / 1000} s of a processor` : 'more memory than there is for it',
      );
    } finally {
      callOff();
    }
    if ('problem' in outcome) {
      const { code, message, ...rest } = outcome.problem;
      throw new ProblemError(code, message, rest);
    }
    return outcome.value;
  }

  return {
    run: (job, holder) => turns.run(holder, () => runNow(job)),
    waiting: () => turns.load().waiting,
    close: () => pool.destroy(),
  };
}

/** A thread that is ended for its time or memory; anything else is a defect of ours. */
function tooComplex(error: unknown, what: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const isLimit = (error instanceof Error && error.name === 'AbortError') || code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isLimit ? problem('BODY_TOO_COMPLEX', `working on what was sent takes ${what}`) : error;
}
