import { KubeApiError } from '../../../server/adapters/kube/client/kube-api-error.ts';
import type { SeededRandom } from '../../harness/seeded-random.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Probability, from 0 to 1, of what can happen to a request on its way. */
export interface Weather {
  /** The request does not arrive. */
  unsent: number;
  /** The request is carried out, and the answer does not arrive. */
  lost: number;
  /** The request, or its answer, takes seconds. */
  late: number;
  /** How late a request is at most, in milliseconds; absent: sometimes longer than a lease. */
  maxLateMs?: number;
}

/** Nothing happens to any request. */
export const CALM: Weather = { unsent: 0, lost: 0, late: 0 };
/** What usually happens to requests. */
export const ROUGH: Weather = { unsent: 0.01, lost: 0.015, late: 0.01 };
/** Many requests or their answers get lost. */
export const STORM: Weather = { unsent: 0.1, lost: 0.12, late: 0.05 };
/** Many requests take seconds. */
export const LATE: Weather = { unsent: 0.01, lost: 0.03, late: 0.25, maxLateMs: 25_000 };

/**
 * Options of a request. `unguarded` marks a write that the cluster does not compare with a version: only the time
 * between two leaders protects it, and the order of a connection (decision record 0005: tasks in Kubernetes). So such a
 * write is never later than that time, and does not overtake an earlier one that was abandoned.
 */
export type RequestCall = { signal?: AbortSignal; timeoutMs?: number; unguarded?: boolean };

/** The connection of one machine to the cluster. */
export interface Link {
  /** Lets the cluster run `act` some time later, once or not at all, and returns its result. */
  request<T>(from: SimulatedProcess, about: string, call: RequestCall, act: () => T): Promise<T>;
  /** Whether requests sent now disappear without an error. */
  isSilent(): boolean;
  /**
   * Breaks open connections; `listener` is called for each stream until the function that `onCut` returns is called.
   */
  cut(): void;
  onCut(listener: () => void): () => void;
  /**
   * Nothing arrives in either direction for this time, and never again on connections open now; neither side gets an
   * error.
   */
  silence(ms: number): void;
  /** How often the link was silenced: connections opened before are dead. */
  silences(): number;
}

export interface LinkDeps {
  time: VirtualTime;
  random: SeededRandom;
  trace: Trace;
  weather: () => Weather;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** Sometimes longer than a lease: a request of one term arrives in the next. */
const MAX_LATE_MS = 14_000;
/** Less than a third of the lease. */
const MAX_UNGUARDED_MS = 2_500;
const MAX_USUAL_MS = 12;

/** Connects a machine with the cluster. */
export function createLink({ time, random, trace, weather }: LinkDeps): Link {
  const listeners = new Set<() => void>();
  let silentUntil = 0;
  let silences = 0;
  const isSilent = () => time.now() < silentUntil;
  const isOne = (chance: number) => chance > 0 && random.next() < chance;
  const onTheWay = (unguarded = false) =>
    isOne(weather().late)
      ? random.between(500, unguarded ? MAX_UNGUARDED_MS : (weather().maxLateMs ?? MAX_LATE_MS))
      : random.between(1, MAX_USUAL_MS);

  return {
    isSilent,
    cut: () => [...listeners].forEach((listener) => listener()),
    onCut(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    silences: () => silences,
    silence(ms) {
      silences += 1;
      silentUntil = Math.max(silentUntil, time.now() + ms);
    },
    request<T>(from: SimulatedProcess, about: string, call: RequestCall, act: () => T): Promise<T> {
      const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, unguarded = false } = call;
      const answer = Promise.withResolvers<T>();
      if (!from.isAlive()) return answer.promise;
      if (signal?.aborted === true) {
        answer.reject(signal.reason);
        return answer.promise;
      }
      const abort = () => end(() => answer.reject(signal?.reason));
      const cancelTimeout = from.clock.after(timeoutMs, () =>
        end(() => answer.reject(unreachable('Timeout', `no answer to ${about} within ${timeoutMs} ms`))),
      );
      signal?.addEventListener('abort', abort, { once: true });
      let isOver = false;
      function end(tell: () => void): void {
        isOver = true;
        signal?.removeEventListener('abort', abort);
        cancelTimeout();
        tell();
      }
      const tell = (what: () => void) => from.wake(() => end(what));
      const broken = () => tell(() => answer.reject(unreachable('Unreachable', `the connection broke: ${about}`)));

      if (isSilent()) return answer.promise;
      const openedAt = silences;
      if (isOne(weather().unsent)) {
        trace.note(`${from.name} ${about}: not sent`);
        time.after(random.between(1, 20), broken);
        return answer.promise;
      }
      const arrivesMs = onTheWay(unguarded);
      time.after(arrivesMs, () => {
        if (unguarded && arrivesMs > MAX_USUAL_MS && (isOver || !from.isAlive())) return;
        let outcome: () => void;
        let said: string;
        try {
          const value = act();
          [outcome, said] = [() => answer.resolve(value), 'done'];
        } catch (error) {
          [outcome, said] = [() => answer.reject(error), error instanceof Error ? error.message : String(error)];
        }
        const isLost = isOne(weather().lost);
        trace.note(`${from.name} ${about}: ${said}${isLost ? ', answer lost' : ''}`);
        if (silences !== openedAt) return;
        time.after(onTheWay(), isLost ? broken : () => tell(outcome));
      });
      return answer.promise;
    },
  };
}

/** The error of the API client when the result of a request is unknown. */
export function unreachable(reason: 'Unreachable' | 'Timeout', message: string): KubeApiError {
  return new KubeApiError(0, reason, message);
}
