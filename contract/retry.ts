import { backoffMs } from './backoff.ts';

/** Answers after which the same read may succeed: too many requests, a gateway without a server, a server that starts. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const BACKOFF = { initialMs: 250, maxMs: 10_000 };
/** A server that asks for more patience than this gets none: the caller decides. */
const MAX_ASKED_SEC = 30;

/** Whether the same request may succeed later. */
export function isPassing(status: number): boolean {
  return PASSING.has(status);
}

/**
 * Milliseconds to wait before the next attempt, after `attempt` failed ones (at least one); null if the server asks for
 * more patience than a call has. `random` returns numbers in [0, 1).
 */
export function waitAfter(retryAfterSec: number | null, attempt: number, random: () => number): number | null {
  if (retryAfterSec !== null && retryAfterSec > MAX_ASKED_SEC) {
    return null;
  }
  return Math.max((retryAfterSec ?? 0) * 1000, backoffMs(attempt, BACKOFF, random));
}

/** Seconds of a header `Retry-After`; a date in it is compared with the header `Date` of the same answer. */
export function readRetryAfter(headers: Headers): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) {
    return Number(text);
  }
  const seconds = (Date.parse(text) - Date.parse(headers.get('date') ?? '')) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}
