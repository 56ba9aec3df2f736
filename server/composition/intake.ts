import { createPace } from '../api/http/pace.ts';
import { createBodyReader } from '../api/requests/read-operation-body.ts';
import type { RequestReading } from '../api/routes/register-operations.ts';
import type { Config } from '../config/config-options.ts';
import { createFairGate } from '../domain/budgets/fair-gate.ts';
import { createUnreadAnswers } from '../api/http/unread-answers.ts';
import { createSharedBudget } from '../domain/budgets/shared-budget.ts';
import type { Clock } from '../ports/runtime/clock.ts';
import type { Threads } from '../ports/runtime/threads.ts';

/** What accepting requests needs from the rest of the server. */
export interface IntakeDeps {
  readonly config: Pick<Config, 'auth' | 'limits' | 'http'>;
  readonly threads: Threads;
  readonly clock: Clock;
}

/** Without authentication all callers count as one. */
const STREAMS_OF_ALL = 2_000;
/** Each authenticated caller gets at most half of them: reads of records, and as many of objects of the cluster. */
const READS_AT_ONCE = 4;
/** Each authenticated caller gets one of them. */
const LONG_AT_ONCE = 2;
const REQUESTS_OF_ALL = 4_096;
const CONNECTIONS_OF_ALL = 4_096;

/** Maximum open connections per client address; 0 means no limit. */
export function connectionsPerAddress({ auth, http }: Pick<Config, 'auth' | 'http'>): number {
  return auth.mode === 'none' && http.connectionsPerAddress !== 0 ? CONNECTIONS_OF_ALL : http.connectionsPerAddress;
}

/** The limits on requests, bodies and streams of callers. */
export function createIntake({
  config: { auth, http, limits },
  threads,
  clock,
}: IntakeDeps): Pick<
  RequestReading,
  | 'answerIdleMs'
  | 'bodyBudget'
  | 'bodyIdleMs'
  | 'longAnswers'
  | 'clock'
  | 'clusterReads'
  | 'readBody'
  | 'pace'
  | 'recordReads'
  | 'requestBudget'
  | 'streamBudget'
  | 'unreadAnswers'
> {
  const reads = { all: READS_AT_ONCE, each: auth.mode === 'none' ? READS_AT_ONCE : READS_AT_ONCE / 2 };
  return {
    bodyBudget: createSharedBudget({ all: limits.bodyBytesInFlight, each: limits.bodyBytesPerCaller }),
    bodyIdleMs: http.bodyIdleSec * 1000,
    requestBudget: createSharedBudget({
      all: Number.POSITIVE_INFINITY,
      each: auth.mode === 'none' ? REQUESTS_OF_ALL : limits.requestsPerCaller,
    }),
    streamBudget: createSharedBudget({
      all: Number.POSITIVE_INFINITY,
      each: auth.mode === 'none' ? STREAMS_OF_ALL : limits.streamsPerCaller,
    }),
    pace: createPace(),
    recordReads: createFairGate(reads),
    clusterReads: createFairGate(reads),
    longAnswers: createFairGate({ all: LONG_AT_ONCE, each: auth.mode === 'none' ? LONG_AT_ONCE : 1 }),
    unreadAnswers: createUnreadAnswers({ all: limits.answerBytesInFlight, each: limits.answerBytesPerCaller }),
    answerIdleMs: http.answerIdleSec * 1000,
    readBody: createBodyReader(threads),
    clock,
  };
}
