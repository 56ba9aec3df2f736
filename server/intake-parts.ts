import { createBodyReader } from './api/read-operation-body.ts';
import type { RequestReading } from './api/register-operations.ts';
import type { Config } from './config-options.ts';
import { createSharedBudget } from './domain/budgets/shared-budget.ts';
import type { Clock } from './ports/clock.ts';
import type { Threads } from './ports/threads.ts';

/** What taking requests in needs from the rest of the server. */
export interface IntakePartsDeps {
  readonly config: Pick<Config, 'http' | 'limits'>;
  readonly threads: Threads;
  readonly clock: Clock;
}

/** Puts together how bodies and streams of callers are taken in, and how much of them. */
export function createIntakeParts({
  config: { http, limits },
  threads,
  clock,
}: IntakePartsDeps): Pick<RequestReading, 'bodyBudget' | 'bodyIdleMs' | 'clock' | 'readBody' | 'streamBudget'> {
  return {
    bodyBudget: createSharedBudget({ all: limits.bodyBytesInFlight, each: limits.bodyBytesPerCaller }),
    bodyIdleMs: http.bodyIdleSec * 1000,
    streamBudget: createSharedBudget({ all: Number.POSITIVE_INFINITY, each: limits.streamsPerCaller }),
    readBody: createBodyReader(threads),
    clock,
  };
}
