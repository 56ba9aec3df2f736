import type { Clock } from '../../../ports/runtime/clock.ts';
import { KubeApiError } from '../client/kube-api-error.ts';

/** Guards one connection: `signal` is aborted if nothing arrived for too long, or when the caller's signal is. */
export type SilenceGuard = { signal: AbortSignal; onActivity: () => void; end: () => void };

/** Starts the guard; `onSilence` is called just before the connection is given up. Call `end` in a `finally`. */
export function watchSilence(
  clock: Clock,
  silenceMs: number,
  caller: AbortSignal,
  onSilence: () => void,
): SilenceGuard {
  const given = new AbortController();
  let heardAt = clock.now();
  let cancel = clock.after(silenceMs, check);

  function check(): void {
    const quietMs = clock.now() - heardAt;
    if (quietMs < silenceMs) {
      cancel = clock.after(silenceMs - quietMs, check);
      return;
    }
    onSilence();
    given.abort(new KubeApiError(0, 'Timeout', `nothing was heard from the API server for ${quietMs / 1000} s`));
  }

  return {
    signal: AbortSignal.any([caller, given.signal]),
    onActivity: () => (heardAt = clock.now()),
    end: () => cancel(),
  };
}
