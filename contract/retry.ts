/** Answers after which the same read may succeed: too many requests, a gateway without a server, a server that starts. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const FIRST_MS = 250;
const MAX_MS = 10_000;
/** A server that asks for more patience than this gets none: the caller decides. */
const MAX_ASKED_SEC = 30;

/** Whether the same request may succeed later. */
export function isPassing(status: number): boolean {
  return PASSING.has(status);
}

/**
 * Milliseconds to wait before the next attempt: doubled each time, with up to half of it taken off at random so that
 * many clients do not come back together.
 * @param attempt how many attempts have failed, from 1
 * @param random a number from 0 up to 1
 */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(MAX_MS, FIRST_MS * 2 ** (attempt - 1));
  return full - (full / 2) * random;
}

/** The wait before the next attempt; null if the server asks for more patience than a call has. */
export function waitAfter(retryAfterSec: number | null, attempt: number, random: number): number | null {
  if (retryAfterSec === null) {
    return backoffMs(attempt, random);
  }
  return retryAfterSec > MAX_ASKED_SEC ? null : Math.max(retryAfterSec * 1000, backoffMs(attempt, random));
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
