import { Tinypool } from 'tinypool';
import { createFairGate } from '../../domain/budgets/fair-gate.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import { type Job, type JobOutcome, ownedBy, type Threads } from '../../ports/runtime/threads.ts';
import { otherThreadsMs, startComputingDeadline } from './computing-deadline.ts';

export interface ThreadPoolOptions {
  /** Module whose export `perform` takes a `Job` and returns a `JobOutcome`. */
  readonly module: URL;
  readonly threads: number;
  /** Maximum CPU time of one job, in milliseconds. */
  readonly jobMs: number;
  /** Maximum heap of one thread, in MiB. */
  readonly memoryMiB: number;
  readonly clock: Pick<Clock, 'now' | 'after'>;
}

const STACK_MIB = 4;
/** Size of the young generation of a thread; the default would use more than the rest of the heap. */
const YOUNG_MIB = 16;
/** An idle thread ends after this time, which frees its memory. */
const IDLE_MS = 30_000;

/** Threads that are started when there is work, and ended when they are idle or use too much memory. */
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

/** For a thread that was ended because of its time or memory; any other error is a defect. */
function tooComplex(error: unknown, what: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const isLimit = (error instanceof Error && error.name === 'AbortError') || code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isLimit ? problem('BODY_TOO_COMPLEX', `processing the request takes ${what}`) : error;
}
