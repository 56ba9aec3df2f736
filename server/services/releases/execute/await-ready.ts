import type { Awaited } from '../../../../contract/schemas/release.ts';
import type { TaskProgress } from '../../../../contract/schemas/task.ts';
import type { ClusterView } from '../../../domain/kube/cluster-view.ts';
import { isTerminal } from '../../../domain/rollout/terminal-reasons.ts';
import { liveReadiness } from '../../../domain/answers/live-readiness.ts';
import { problem } from '../../../domain/errors/problem-error.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import type { Readiness } from '../../../domain/answers/release-readiness.ts';
import { type Clock, sleep } from '../../../ports/runtime/clock.ts';
import type { ReleaseCache } from '../../../ports/storage/release-cache.ts';
import type { WatchRelease } from '../observe/watch-release.ts';

export type AwaitReadyDeps = {
  cache: Pick<ReleaseCache, 'get'>;
  live: ClusterView;
  watchRelease: WatchRelease;
  clock: Clock;
};

export type ReadyWait = {
  /** The release is observed from this revision on. */
  revision: number;
  timeoutMs: number;
  signal: AbortSignal;
  report: (progress: TaskProgress) => void;
};

/**
 * Changes arrive as notifications; this interval detects what becomes terminal or times out merely by the passing of
 * time.
 */
const RECHECK_MS = 1_000;

/**
 * Waits until a release is ready according to the live view. A paused release is not waited for.
 * @throws ProblemError RELEASE_NOT_READY as soon as an object cannot become ready, OPERATION_TIMEOUT after `timeoutMs`;
 * `details.waitingFor` names what is missing per object
 */
export type AwaitReady = (key: ReleaseKey, readyWait: ReadyWait) => Promise<void>;

export function createAwaitReady({ cache, live, watchRelease, clock }: AwaitReadyDeps): AwaitReady {
  return async function awaitReady(key, { revision, timeoutMs, signal, report }) {
    const startedAt = clock.now();
    const awaitedSince = new Map<string, number>();
    let nap = new AbortController();
    const stopListening = watchRelease(key, () => nap.abort());
    try {
      for (let reported = ''; ;) {
        nap = new AbortController();
        const readiness = await look(key, revision);
        if (readiness === null || readiness.ready) {
          return;
        }
        const now = clock.now();
        const terminal = readiness.waitingFor.filter((wait) => isTerminal(wait, lasted(wait, awaitedSince, now)));
        if (terminal.length > 0) {
          throw notReady('RELEASE_NOT_READY', `${key} cannot become ready: ${inWords(terminal)}`, readiness);
        }
        if (now - startedAt >= timeoutMs) {
          throw notReady('OPERATION_TIMEOUT', `${key} is not ready after ${timeoutMs / 1000} s`, readiness);
        }
        if (readiness.message !== reported) {
          reported = readiness.message;
          report({ phase: 'wait', message: reported });
        }
        const pauseMs = Math.min(RECHECK_MS, startedAt + timeoutMs - now);
        await sleep(clock, pauseMs, AbortSignal.any([signal, nap.signal])).catch(() => undefined);
        signal.throwIfAborted();
      }
    } finally {
      stopListening();
    }
  };

  /** Null: there is nothing to wait for. */
  async function look(key: ReleaseKey, revision: number): Promise<Readiness | null> {
    const record = await cache.get(key);
    if (record === undefined || record.paused || record.revision < revision) {
      return null;
    }
    return liveReadiness(record, live, clock.now());
  }
}

/** For how many milliseconds an object has been awaited for the same reason. */
function lasted({ kind, namespace, name, reason }: Awaited, since: Map<string, number>, now: number): number {
  const wait = `${kind}/${namespace}/${name}/${reason}`;
  const first = since.get(wait) ?? now;
  since.set(wait, first);
  return now - first;
}

function inWords(waits: readonly Awaited[]): string {
  return waits.map(({ kind, name, reason, message }) => `${kind} ${name}: ${reason}: ${message}`).join('; ');
}

function notReady(code: 'RELEASE_NOT_READY' | 'OPERATION_TIMEOUT', text: string, { message, waitingFor }: Readiness) {
  return problem(code, code === 'OPERATION_TIMEOUT' ? `${text}: ${message}` : text, { waitingFor });
}
