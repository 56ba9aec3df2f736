import { createHmac } from 'node:crypto';
import type { Caller } from '../../domain/access/caller.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { AccessReviews } from '../../ports/cluster/access-reviews.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { BoundedReviews } from './bounded-reviews.ts';
import { createShortMemory } from './short-memory.ts';

export type IdentifyCallerDeps = {
  reviews: Pick<AccessReviews, 'identify'>;
  /** Asks about a token that a user was known by lately. */
  identifyAgain: BoundedReviews['identifyAgain'];
  clock: Pick<Clock, 'now'>;
  /** Random, of this process alone: what is remembered of a token is its HMAC under this key. */
  key: Uint8Array;
  /** Most tokens that the cluster is asked about at once of which nobody was known by lately. */
  maxUnknown: number;
};

/** A token that was taken back is still believed for this long. */
const KNOWN_MS = 10_000;
/** Somebody who has just got a token is not kept waiting; somebody who guesses does not burden the cluster. */
const UNKNOWN_MS = 2_000;
const MAX_REMEMBERED = 10_000;
/** Tokens that somebody was known by within this time are asked about whoever else guesses. */
const TRUSTED_MS = 15 * 60_000;
/** No token of a cluster is longer; asking about one costs the cluster in proportion to its length. */
const MAX_TOKEN_LENGTH = 16_384;

/** RFC 6750, section 2.1; the scheme in any case. */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i;

/**
 * Says who sends a request with this `Authorization` header. Who guesses tokens takes neither the memory nor the
 * questions of those who are known: both are counted apart.
 * @throws ProblemError UNAUTHENTICATED without a token that the cluster knows somebody by; TOO_MANY_TOKENS,
 *   TOO_MANY_REVIEWS, CLUSTER_UNREACHABLE
 */
export type IdentifyCaller = (authorization: string | undefined) => Promise<Caller>;

export function createIdentifyCaller({
  reviews,
  identifyAgain,
  clock,
  key,
  maxUnknown,
}: IdentifyCallerDeps): IdentifyCaller {
  const known = createShortMemory<Caller | null>({ clock, max: MAX_REMEMBERED, lifeMs: () => KNOWN_MS });
  const unknown = createShortMemory<Caller | null>({
    clock,
    max: MAX_REMEMBERED,
    lifeMs: (caller) => (caller === null ? UNKNOWN_MS : KNOWN_MS),
  });
  /** Who was last known by a token, and when, by its digest; the oldest first. */
  const trusted = new Map<string, { user: string; at: number }>();
  let asking = 0;

  function trust(digest: string, { user }: Caller): void {
    trusted.delete(digest);
    trusted.set(digest, { user, at: clock.now() });
    const [oldest] = trusted.keys();
    if (trusted.size > MAX_REMEMBERED && oldest !== undefined) {
      trusted.delete(oldest);
    }
  }

  async function ask(token: string): Promise<Caller | null> {
    if (asking >= maxUnknown) {
      throw problem('TOO_MANY_TOKENS', `the cluster is being asked about ${maxUnknown} tokens that nobody is known by`);
    }
    asking += 1;
    try {
      return await reviews.identify(token);
    } finally {
      asking -= 1;
    }
  }

  async function identified(digest: string, token: string): Promise<Caller | null> {
    const last = trusted.get(digest);
    if (last !== undefined && clock.now() - last.at < TRUSTED_MS) {
      return known.recall(digest, () => identifyAgain(last.user, token));
    }
    const caller = await unknown.recall(digest, () => ask(token));
    return caller && known.recall(digest, () => Promise.resolve(caller));
  }

  return async function identifyCaller(authorization) {
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined || token.length > MAX_TOKEN_LENGTH) {
      throw problem('UNAUTHENTICATED', 'the request has no header Authorization: Bearer with a token');
    }
    const digest = createHmac('sha256', key).update(token).digest('base64');
    const caller = await identified(digest, token);
    if (caller === null) {
      trusted.delete(digest);
      throw problem('UNAUTHENTICATED', 'the cluster knows nobody by the token of the request: it is wrong, or too old');
    }
    trust(digest, caller);
    return caller;
  };
}
